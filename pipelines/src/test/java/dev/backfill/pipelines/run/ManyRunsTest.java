package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several jobs of one command: one cap, and one document. */
class ManyRunsTest {
  // A cent a bar.
  private static final double DOLLARS_A_GIB = 0.01 / 56 * (1L << 30);

  @TempDir Path folder;

  private Desk desk() {
    return Desk.in(folder, EmulatorConfig.builder().unitPrice("ohlcv-1d", DOLLARS_A_GIB));
  }

  private static Job job(String symbol) {
    return Desk.job(BarSize.DAY, List.of(symbol), "2024-01-01", "2024-03-01", 1, 400);
  }

  private static List<RunOptions> options(Desk desk, SpendLimits spend, boolean dryRun)
      throws IOException {
    return List.of(options(desk, "ZL.v.0", spend, dryRun), options(desk, "CL.v.0", spend, dryRun));
  }

  private static RunOptions options(Desk desk, String symbol, SpendLimits spend, boolean dryRun)
      throws IOException {
    RunOptions o = desk.options(job(symbol)).withSpend(spend);
    return new RunOptions(
        o.job(),
        o.database(),
        o.landing(),
        o.api(),
        o.runner(),
        o.spend(),
        dryRun,
        o.storageVersion(),
        o.patience());
  }

  private static JsonNode printed(Desk desk) throws IOException {
    return new ObjectMapper().readTree(desk.printed());
  }

  /** The price of one of the jobs: each is a little below half a dollar. */
  private static JsonNode plan(Desk desk) throws IOException {
    assertThat(desk.plan(desk.options(job("ZL.v.0")), true), equalTo(0));
    return printed(desk);
  }

  @Test
  void aCapInDollarsBoundsTheWholeCommand() throws IOException {
    try (Desk desk = desk()) {
      double each = plan(desk).path("cost_usd").asDouble();
      BigDecimal cap = BigDecimal.valueOf(1.5 * each);
      SpendLimits spend = SpendLimits.USUAL.withMaxCostUsd(cap);
      assertThat(desk.update(options(desk, spend, false), false), equalTo(5));
      assertThat(
          desk.said(),
          containsString(
              String.format(
                  "and $%.2f of --max-cost-usd %s are spent on the jobs before it. This run has"
                      + " spent nothing. Raise the cap",
                  each, cap.toPlainString())));
      assertThat(
          desk.emulator.ledger().billedBytes() / 56 * 0.01, lessThanOrEqualTo(cap.doubleValue()));
      assertThat(desk.emulator.ledger().billedBytes(), greaterThan(0L));
      assertThat(symbols(desk), equalTo(List.of("ZL.v.0")));
      // The next command begins anew, and the first job costs nothing any more.
      assertThat(desk.update(options(desk, spend, false), false), equalTo(0));
      assertThat(symbols(desk), equalTo(List.of("CL.v.0", "ZL.v.0")));
    }
  }

  @Test
  void whatBrokeOffCountsAgainstTheOtherJobsToo() throws IOException {
    try (Desk desk = desk()) {
      double each = plan(desk).path("cost_usd").asDouble();
      desk.emulator.faults().add(Fault.cut(900, false).on("timeseries.get_range").times(1));
      SpendLimits spend = SpendLimits.USUAL.withMaxCostUsd(BigDecimal.valueOf(2.5 * each));
      assertThat(desk.update(options(desk, spend, false), false), equalTo(5));
      assertThat(symbols(desk), equalTo(List.of("ZL.v.0")));
    }
  }

  @Test
  void theUsualCapIsEachJobs() throws IOException {
    try (Desk desk =
        Desk.in(folder, EmulatorConfig.builder().unitPrice("ohlcv-1d", 13 * DOLLARS_A_GIB))) {
      double each = plan(desk).path("cost_usd").asDouble();
      assertThat(each, greaterThan(5.0));
      int code = desk.update(options(desk, SpendLimits.USUAL, false), false);
      assertThat(desk.said(), code, equalTo(0));
    }
  }

  @Test
  void aCapInBytesBoundsTheWholeCommand() throws IOException {
    try (Desk desk = desk()) {
      long each = plan(desk).path("billable_bytes").asLong();
      SpendLimits spend = SpendLimits.USUAL.withMaxBytes(each + each / 2);
      assertThat(desk.update(options(desk, spend, false), false), equalTo(5));
      assertThat(desk.said(), containsString(" are spent on the jobs before it. This run has "));
      assertThat(symbols(desk), equalTo(List.of("ZL.v.0")));
    }
  }

  @Test
  void aDryRunSaysWhatTheCapWouldRefuse() throws IOException {
    try (Desk desk = desk()) {
      double each = plan(desk).path("cost_usd").asDouble();
      SpendLimits spend = SpendLimits.USUAL.withMaxCostUsd(BigDecimal.valueOf(1.5 * each));
      assertThat(desk.update(options(desk, spend, true), true), equalTo(0));
      JsonNode jobs = printed(desk).path("jobs");
      assertThat(jobs.size(), is(2));
      assertThat(jobs.get(0).path("refusal").isNull(), is(true));
      assertThat(jobs.get(1).path("refusal").asText(), startsWith("The plan costs $"));
      assertThat(desk.emulator.ledger().billedBytes(), is(0L));
    }
  }

  @Test
  void theDocumentHasOneShapeForNoneOneAndManyJobs() throws IOException {
    try (Desk desk = desk()) {
      assertThat(desk.update(options(desk, SpendLimits.USUAL, false), true), equalTo(0));
      assertShape(desk, 0, 2);
      assertThat(
          desk.update(List.of(options(desk, "ZL.v.0", SpendLimits.USUAL, false)), true),
          equalTo(0));
      assertShape(desk, 0, 1);
      RerunOptions none =
          new RerunOptions(
              List.of(),
              Overrides.NONE,
              RerunOptions.Kind.FAILED,
              desk.database(),
              one -> desk.options(one, ended()));
      assertThat(desk.rerun(none, true), equalTo(0));
      assertShape(desk, 0, 0);
      desk.emulator.faults().add(Fault.status(403).on("metadata.get_dataset_range").times(1));
      assertThat(
          desk.update(List.of(options(desk, "6J.v.0", SpendLimits.USUAL, false)), true),
          equalTo(5));
      assertShape(desk, 5, 1);
      JsonNode refused = printed(desk).path("jobs").get(0);
      assertThat(refused.path("exit_code").asInt(), is(5));
      assertThat(desk.said(), containsString(refused.path("error").asText()));
    }
  }

  private static ApiOptions ended() {
    throw new IllegalStateException("there is no job to run");
  }

  private static void assertShape(Desk desk, int exitCode, int jobs) throws IOException {
    JsonNode document = printed(desk);
    assertThat(document.size(), is(3));
    assertThat(document.path("total").path("jobs").asInt(-1), is(jobs));
    assertThat(document.path("exit_code").asInt(-1), is(exitCode));
    assertThat(document.path("jobs").isArray(), is(true));
    assertThat(document.path("jobs").size(), is(jobs));
    document.path("jobs").forEach(one -> assertThat(one.path("job").asText(), is("test-job")));
  }

  private static List<String> symbols(Desk desk) {
    return TableRows.query(
        desk.database(),
        "SELECT DISTINCT symbol FROM ops.coverage WHERE state = 'loaded' ORDER BY 1");
  }
}
