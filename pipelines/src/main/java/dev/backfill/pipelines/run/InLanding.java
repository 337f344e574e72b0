package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.LedgerCheck.Group;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.BarTables;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a landing holds, for {@code repair}: all of it where the database is lost. */
final class InLanding {
  private final LandingArea landing;

  InLanding(LandingArea landing) {
    this.landing = landing;
  }

  /** What the answers of a folder hold, or say is not there, by requested symbol. */
  Map<String, Coverage> ranges(String source, String dataset, String schema, String stypeIn)
      throws IOException {
    Map<String, Coverage> landed = new LinkedHashMap<>();
    for (LandedChunk chunk : landing.list(source, dataset, schema, stypeIn)) {
      if (chunk.getState() == LandedState.LANDED || chunk.getState() == LandedState.UNRESOLVED) {
        Interval range = new Interval(chunk.getChunk().getStartNs(), chunk.getChunk().getEndNs());
        for (String symbol : chunk.getChunk().getSymbols()) {
          landed.merge(symbol, Coverage.of(range), Coverage::union);
        }
      }
    }
    return landed;
  }

  /**
   * All that the landing holds, for a database that is lost: into the tables of the jobs that the
   * landing keeps, and what none of them wants into the tables of their schemas.
   */
  List<RepairReport.Lost> all() throws IOException {
    List<RepairReport.Lost> all = new ArrayList<>();
    for (LandedFolders.Folder folder : LandedFolders.of(landing)) {
      for (String stype : LandedFolders.STYPES) {
        all.addAll(in(folder, stype));
      }
    }
    return all;
  }

  /**
   * What is to come back of a group.
   *
   * @param job where it goes
   * @param held by symbol
   */
  private record Share(Job job, Map<String, Coverage> held) {
    Share with(Share other) {
      Map<String, Coverage> both = new LinkedHashMap<>(held);
      other.held.forEach((symbol, of) -> both.merge(symbol, of, Coverage::union));
      boolean isKeyed = job.primaryKey() || !other.job.primaryKey();
      return new Share(isKeyed ? job : other.job, both);
    }
  }

  private List<RepairReport.Lost> in(LandedFolders.Folder folder, String stype) throws IOException {
    String schema = folder.schema();
    Map<String, Coverage> landed = ranges(folder.source(), folder.dataset(), schema, stype);
    if (landed.isEmpty()) {
      return List.of();
    }
    Map<Group, Share> shares = new LinkedHashMap<>();
    Map<String, Coverage> rest = new LinkedHashMap<>(landed);
    for (KeptJob kept : KeptJob.of(landing, folder.source(), folder.dataset(), schema, stype)) {
      Map<String, Coverage> held = new LinkedHashMap<>();
      kept.wanted()
          .forEach(
              (symbol, wanted) -> {
                held.put(symbol, landed.getOrDefault(symbol, Coverage.NONE).intersect(wanted));
                rest.computeIfPresent(symbol, (s, of) -> of.minus(wanted));
              });
      shares.merge(group(kept.job()), new Share(kept.job(), held), Share::with);
    }
    rest.forEach(
        (symbol, of) -> {
          Job usual = usual(folder, stype, symbol);
          shares.merge(group(usual), new Share(usual, Map.of(symbol, of)), Share::with);
        });
    List<RepairReport.Lost> all = new ArrayList<>();
    for (Map.Entry<Group, Share> of : shares.entrySet()) {
      Map<String, Coverage> held = new LinkedHashMap<>(of.getValue().held());
      held.values().removeIf(Coverage::isEmpty);
      if (!held.isEmpty()) {
        Job job = of.getValue().job().withSymbols(List.copyOf(held.keySet()));
        all.add(new RepairReport.Lost(of.getKey(), held, GettingBack.free(job, held, landing)));
      }
    }
    return all;
  }

  private static Group group(Job job) {
    return new Group(
        job.table(),
        job.source(),
        job.dataset(),
        job.schema(),
        job.stypeIn(),
        new TargetSpec("", job.table(), job.publishers(), job.primaryKey(), "").publishersText());
  }

  /** Where rows go of which it is not known which job wants them. */
  private static Job usual(LandedFolders.Folder folder, String stype, String symbol) {
    return new Job(
        RepairAction.NAME,
        folder.source(),
        folder.dataset(),
        folder.schema(),
        stype,
        List.of(),
        new JobTime.At(0),
        new JobTime.Now(),
        BarTables.usual(folder.schema(), symbol).orElseThrow(),
        Job.ChunkLimits.LARGE,
        List.of(),
        false);
  }
}
