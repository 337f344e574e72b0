package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run's summary, the ledger, and SQL over the tables say the same numbers. */
class AgreementTest {
  private static final String TABLE = BarSize.DAY.futuresTable();

  @TempDir Path folder;

  private static Job job(String to) {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0", "6J.v.0", "QQQQ.v.0"), "2024-01-01", to, 1, 40);
  }

  private static long number(Desk desk, String sql) {
    return Long.parseLong(TableRows.query(desk.database(), sql).get(0));
  }

  /** Runs, and compares what this run says it wrote with the growth of the table. */
  private static JsonNode runAndCompare(Desk desk, Job job, int code) throws IOException {
    long before =
        desk.database().toFile().exists() ? number(desk, "SELECT count(*) FROM " + TABLE) : 0;
    assertThat(desk.said(), desk.runJson(job), equalTo(code));
    JsonNode summary = new ObjectMapper().readTree(desk.printed());
    String run = "'" + summary.get("run_id").asText() + "'";
    long written = summary.get("rows_written").asLong();
    assertThat(
        number(desk, "SELECT rows_written FROM ops.backfill_runs WHERE run_id = " + run),
        equalTo(written));
    assertThat(
        number(
            desk, "SELECT sum(rows_written) FROM ops.backfill_chunks WHERE last_run_id = " + run),
        equalTo(written));
    assertThat(
        number(desk, "SELECT sum(row_count) FROM ops.coverage WHERE run_id = " + run),
        equalTo(written));
    assertThat(
        number(desk, "SELECT row_count FROM ops.ingestion_completion WHERE run_id = " + run),
        equalTo(written));
    long rows = number(desk, "SELECT count(*) FROM " + TABLE);
    assertThat(rows - before, equalTo(written));
    assertThat(number(desk, "SELECT sum(row_count) FROM ops.coverage"), equalTo(rows));
    assertThat(
        number(desk, "SELECT count(*) FROM ops.backfill_chunks WHERE state = 'failed'"),
        equalTo((long) summary.get("failed").size()));
    assertThat(
        number(desk, "SELECT chunks_failed FROM ops.backfill_runs WHERE run_id = " + run),
        equalTo((long) summary.get("failed").size()));
    return summary;
  }

  @Test
  void theyAgreeAfterFailuresResumesAndUpdates() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator
          .faults()
          .add(Fault.status(500).on("timeseries.get_range").forSymbol("6J.v.0").times(1_000));
      JsonNode first = runAndCompare(desk, job("2024-04-01"), 3);
      assertThat(first.get("failed").size(), greaterThan(0));
      desk.emulator.faults().clear();
      runAndCompare(desk, job("2024-04-01"), 0);
      JsonNode update = runAndCompare(desk, job("2024-04-15"), 0);
      assertThat(update.get("rows_written").asLong(), greaterThan(0L));
      assertThat(desk.repair(true), equalTo(0));
    }
  }
}
