package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.landing.LandedJobs;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job as the landing keeps it: where its rows go, and what it has ever wanted of each symbol. By
 * it {@code repair} brings a lost database back with the tables that it had. Immutable.
 *
 * @param job without symbols and range
 * @param wanted by symbol, over all its runs
 */
record KeptJob(Job job, Map<String, Coverage> wanted) {
  private static final Logger LOG = LoggerFactory.getLogger(KeptJob.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Adds what a run wants to what the landing keeps of its job; writes only what is new. */
  static void keep(LandingArea landing, PricedPlan plan) throws IOException {
    Map<String, Coverage> wanted = new TreeMap<>();
    for (String symbol : plan.job().symbols()) {
      wanted.put(symbol, plan.plan().wantedOf(symbol));
    }
    LandedJobs jobs = landing.jobs();
    String name = name(plan.job());
    Optional<byte[]> before = jobs.read(name);
    before
        .flatMap(json -> read(jobs.uri(name), json))
        .ifPresent(
            kept -> kept.wanted.forEach((symbol, of) -> wanted.merge(symbol, of, Coverage::union)));
    wanted.values().removeIf(Coverage::isEmpty);
    byte[] json = new KeptJob(plan.job(), wanted).json();
    if (before.isEmpty() || !Arrays.equals(before.get(), json)) {
      jobs.write(name, json);
    }
  }

  /** The jobs that fill from a folder of a landing; what cannot be read is warned of. */
  static List<KeptJob> of(
      LandingArea landing, String source, String dataset, String schema, String stypeIn)
      throws IOException {
    List<KeptJob> found = new ArrayList<>();
    LandedJobs jobs = landing.jobs();
    jobs.all().forEach((name, json) -> read(jobs.uri(name), json).ifPresent(found::add));
    found.removeIf(
        kept ->
            !kept.job.source().equals(source)
                || !kept.job.dataset().equals(dataset)
                || !kept.job.schema().equals(schema)
                || !kept.job.stypeIn().equals(stypeIn));
    return found;
  }

  /** One file for each place to which the rows of a job of this name have ever gone. */
  private static String name(Job job) {
    String target =
        String.join(
            " ",
            job.name(),
            job.source(),
            job.dataset(),
            job.schema(),
            job.stypeIn(),
            job.table(),
            job.publishers().toString());
    return job.name().replace(Job.PART, '-') + "-" + ChunkId.hash(target).substring(0, 8);
  }

  private byte[] json() throws IOException {
    ObjectNode node = JSON.createObjectNode().put("name", job.name());
    node.setAll(JobMemory.json(job));
    ObjectNode all = node.putObject("wanted");
    wanted.forEach(
        (symbol, coverage) -> {
          ArrayNode ranges = all.putArray(symbol);
          for (Interval range : coverage.intervals()) {
            ranges
                .addArray()
                .add(Times.instant(range.startNs()).toString())
                .add(Times.instant(range.endNs()).toString());
          }
        });
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  private static Optional<KeptJob> read(String file, byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      Map<String, Coverage> wanted = new TreeMap<>();
      for (Map.Entry<String, JsonNode> of : node.path("wanted").properties()) {
        List<Interval> ranges = new ArrayList<>();
        for (JsonNode range : of.getValue()) {
          ranges.add(
              Interval.of(
                  Instant.parse(range.path(0).asText()), Instant.parse(range.path(1).asText())));
        }
        wanted.put(of.getKey(), Coverage.of(ranges));
      }
      return Optional.of(new KeptJob(JobMemory.job(node.path("name").asText(), node), wanted));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      LOG.warn("{} is not used, because it is no job: {}", file, e.getMessage());
      return Optional.empty();
    }
  }
}
