package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.pipelines.BarTables;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.UsageException;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a database remembers of the jobs that filled it, in ops.settings under {@code job.<name>}:
 * where the rows go and how requests are cut, so that {@code rerun} needs no job file. Symbols and
 * range are not in it; those are the ledger's.
 */
final class JobMemory {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JobMemory() {}

  private static String setting(String name) {
    return "job." + name;
  }

  /** Keeps a job. */
  static void keep(LedgerLog log, Job job) {
    log.setting(setting(job.name()), json(job).toString());
  }

  /** What is kept of a job; {@link #job} reads it. */
  static ObjectNode json(Job job) {
    ObjectNode node = JSON.createObjectNode();
    node.put("source", job.source())
        .put("dataset", job.dataset())
        .put("schema", job.schema())
        .put("stype_in", job.stypeIn())
        .put("table", job.table())
        .put("primary_key", job.primaryKey())
        .put("chunk_symbols", job.chunk().symbols())
        .put("chunk_days", job.chunk().days())
        .put("snapshot_days", job.snapshotDays())
        .put("optional", job.optional());
    job.publishers().forEach(node.putArray("publishers")::add);
    return node;
  }

  /**
   * The job of this name and kind, for some symbols: as it was kept, else the built-in one of that
   * name, else one with the usual table.
   */
  static Job recall(
      Ledger ledger,
      String name,
      String dataset,
      String schema,
      String stypeIn,
      List<String> symbols,
      JobTime from,
      JobTime to) {
    Optional<Job> like =
        kept(ledger, name).or(() -> builtIn(name)).filter(job -> job.dataset().equals(dataset));
    like = like.filter(job -> job.schema().equals(schema) && job.stypeIn().equals(stypeIn));
    return new Job(
        name,
        dataset.equals(Fred.DATASET) ? Fred.SOURCE : "databento",
        dataset,
        schema,
        stypeIn,
        symbols,
        from,
        to,
        like.map(Job::table).or(() -> BarTables.usual(schema)).orElseThrow(),
        like.map(Job::chunk).orElse(Job.ChunkLimits.LARGE),
        like.map(Job::publishers).orElse(List.of()),
        like.map(Job::primaryKey).orElse(false),
        like.map(Job::snapshotDays).orElse(0),
        like.map(Job::optional).orElse(false));
  }

  private static Optional<Job> builtIn(String name) {
    try {
      String whole = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
      return JobFile.readAll(whole, Overrides.NONE).stream()
          .filter(part -> part.name().equals(name))
          .findFirst();
    } catch (UsageException e) {
      // There is no job of that name any more; what the ledger knows must do.
      return Optional.empty();
    }
  }

  private static Optional<Job> kept(Ledger ledger, String name) {
    return ledger.setting(setting(name)).flatMap(text -> read(name, text));
  }

  /** Whether a job that filled a table wanted its primary key. */
  static boolean wantsPrimaryKey(Ledger ledger, String table) {
    return ledger.settings(setting("")).entrySet().stream()
        .flatMap(one -> read(one.getKey(), one.getValue()).stream())
        .anyMatch(job -> job.table().equals(table) && job.primaryKey());
  }

  private static Optional<Job> read(String name, String text) {
    try {
      return Optional.of(job(name, JSON.readTree(text)));
    } catch (IOException | IllegalArgumentException e) {
      // Written by another version, or by hand.
      return Optional.empty();
    }
  }

  /**
   * Reads what {@link #json} wrote: a job without symbols.
   *
   * @throws IllegalArgumentException if it is no job
   */
  static Job job(String name, JsonNode node) {
    List<Integer> publishers = new ArrayList<>();
    node.path("publishers").forEach(p -> publishers.add(p.asInt()));
    return new Job(
        name,
        node.path("source").asText(),
        node.path("dataset").asText(),
        node.path("schema").asText(),
        node.path("stype_in").asText(),
        List.of(),
        new JobTime.At(0),
        new JobTime.Now(),
        node.path("table").asText(),
        new Job.ChunkLimits(node.path("chunk_symbols").asInt(1), node.path("chunk_days").asInt(1)),
        publishers,
        node.path("primary_key").asBoolean(),
        node.path("snapshot_days").asInt(),
        node.path("optional").asBoolean());
  }
}
