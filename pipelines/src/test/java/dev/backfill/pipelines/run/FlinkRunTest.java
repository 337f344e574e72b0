package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.emulator.http.Fault;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same run on Flink within this process. */
class FlinkRunTest {
  @TempDir Path folder;

  private static RunOptions onFlink(RunOptions options, int workers) {
    return options.withRunner(RunnerOptions.flink(workers, RunnerOptions.REQUESTS, List.of()));
  }

  @Test
  void theTableIsExactAndASecondRunAsksNothing() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job =
          Desk.job(
              BarSize.DAY,
              List.of("CL.v.0", "GE.v.0", "ZL.v.0"),
              "2022-01-01",
              "2023-12-01",
              1,
              200);
      RunOptions options = onFlink(desk.options(job), 2);
      int code = desk.run(options);
      assertThat(desk.said(), code, equalTo(0));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("CL", "GE", "ZL"),
              "2022-01-01T00:00:00Z",
              "2023-12-01T00:00:00Z"));
      assertThat(desk.run(options), equalTo(0));
      assertThat(desk.printed(), containsString("Nothing was fetched"));
    }
  }

  @Test
  void aRefusedKeyIsToldAsOnTheDirectRunner() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.DAY, List.of("CL.v.0"), "2022-01-01", "2023-12-01", 1, 200);
      desk.emulator.faults().add(Fault.status(401).on("timeseries.get_range"));
      assertThat(desk.run(onFlink(desk.options(job), 1)), equalTo(2));
      assertThat(desk.said(), containsString("401"));
      assertThat(desk.emulator.faults().hits(), lessThanOrEqualTo(RunnerOptions.REQUESTS));
    }
  }

  @Test
  void aChunkThatFailsIsNamedAndTheOthersAreLoaded() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job =
          Desk.job(BarSize.DAY, List.of("CL.v.0", "6J.v.0"), "2022-01-01", "2023-12-01", 1, 400);
      desk.emulator
          .faults()
          .add(Fault.status(503).on("timeseries.get_range").forSymbol("6J.v.0").times(1_000));
      assertThat(desk.run(onFlink(desk.options(job), 1)), equalTo(3));
      assertThat(desk.printed(), containsString("not covered: 6J.v.0"));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("CL"),
              "2022-01-01T00:00:00Z",
              "2023-12-01T00:00:00Z"));
    }
  }
}
