package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

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

/** The summary, the ledger and the tables say the same numbers. */
class CountsTest {
  private static final String TABLE = BarSize.DAY.futuresTable();

  @TempDir Path folder;

  /** Loaded, failed, never listed (NOPE), and a day without bars (a Saturday, in chunks of one). */
  private static Job job() {
    return Desk.job(
        BarSize.DAY,
        List.of("ZL.v.0", "6J.v.0", "CL.v.0", "LB.v.0"),
        "2024-03-01",
        "2024-03-08",
        1,
        1);
  }

  @Test
  void threeSourcesAgreeAfterARunWithEveryOutcomeAndAfterTheNext() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Fault fault = Fault.status(500).on("timeseries.get_range").times(1_000);
      desk.emulator.faults().add(fault.forSymbol("6J.v.0"));
      desk.emulator.faults().add(Fault.cut(400, false).on("timeseries.get_range").times(2));
      JsonNode first = run(desk, 3);
      assertAgree(desk, first);
      assertThat(first.path("chunks_failed").asInt(), is(7));
      assertThat(first.path("chunks_loaded").asInt(), is(21));
      assertThat(states(desk), equalTo(List.of("empty", "loaded", "unresolved")));

      desk.emulator.faults().clear();
      JsonNode second = run(desk, 0);
      assertAgree(desk, second);
      assertThat(second.path("chunks_failed").asInt(), is(0));
      assertThat(second.path("chunks_loaded").asInt(), is(7));
      assertThat(
          first.path("rows_written").asLong() + second.path("rows_written").asLong(),
          equalTo(number(desk, "SELECT count(*) FROM " + TABLE)));

      JsonNode third = run(desk, 0);
      assertAgree(desk, third);
      assertThat(third.path("rows_written").asLong(-1), is(0L));
      assertThat(number(desk, "SELECT count(*) FROM ops.backfill_runs"), is(3L));
    }
  }

  @Test
  void theyAgreeAboutARunThatWasRefusedHalfWay() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(401).on("timeseries.get_range").after(10));
      assertThat(desk.run(job()), equalTo(2));
      String run = TableRows.query(desk.database(), "SELECT run_id FROM ops.backfill_runs").get(0);
      assertThat(
          number(desk, "SELECT bytes_billable FROM ops.backfill_runs"),
          equalTo(desk.emulator.ledger().billedBytes()));
      assertLedgerAgrees(desk, run);
    }
  }

  private JsonNode run(Desk desk, int code) throws IOException {
    int ended = desk.run(desk.options(job()), true);
    assertThat(desk.said(), ended, equalTo(code));
    return new ObjectMapper().readTree(desk.printed());
  }

  private static long number(Desk desk, String sql) {
    return Long.parseLong(TableRows.query(desk.database(), sql).get(0));
  }

  private static List<String> states(Desk desk) {
    return TableRows.query(desk.database(), "SELECT DISTINCT state FROM ops.coverage ORDER BY 1");
  }

  private static void assertAgree(Desk desk, JsonNode summary) {
    String run = summary.path("run_id").asText();
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT chunks_done, chunks_failed, chunks_skipped, rows_written, bytes_billable,"
                + " CAST(cost_estimate_usd AS DOUBLE) FROM ops.backfill_runs WHERE run_id = '"
                + run
                + "'"),
        equalTo(
            List.of(
                String.join(
                    "|",
                    summary.path("chunks_loaded").asText(),
                    summary.path("chunks_failed").asText(),
                    summary.path("chunks_skipped").asText(),
                    summary.path("rows_written").asText(),
                    summary.path("billable_bytes").asText(),
                    summary.path("cost_estimate_usd").asText()))));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT count(*), CAST(coalesce(sum(bytes_received), 0) AS BIGINT) FROM ops.requests"
                + " WHERE run_id = '"
                + run
                + "'"),
        equalTo(
            List.of(
                summary.path("requests").asText()
                    + "|"
                    + summary.path("bytes_received").asText())));
    assertThat(summary.path("failed").size(), is(summary.path("chunks_failed").asInt()));
    assertLedgerAgrees(desk, run);
  }

  private static void assertLedgerAgrees(Desk desk, String run) {
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT chunks_total, chunks_done, chunks_failed, chunks_skipped, rows_written FROM"
                + " ops.backfill_runs WHERE run_id = '"
                + run
                + "'"),
        equalTo(
            TableRows.query(
                desk.database(),
                "SELECT (SELECT chunks_total FROM ops.backfill_runs WHERE run_id = '"
                    + run
                    + "'), count(*) FILTER (state = 'loaded'), count(*) FILTER (state = 'failed'),"
                    + " count(*) FILTER (state = 'skipped'), CAST(coalesce(sum(rows_written), 0) AS"
                    + " BIGINT) FROM ops.backfill_chunks WHERE last_run_id = '"
                    + run
                    + "'")));
    assertThat(
        number(desk, "SELECT CAST(coalesce(sum(row_count), 0) AS BIGINT) FROM ops.coverage"),
        equalTo(number(desk, "SELECT count(*) FROM " + TABLE)));
    assertThat(
        number(
            desk,
            "SELECT count(*) FROM ops.coverage c WHERE c.row_count <> (SELECT count(*) FROM "
                + TABLE
                + " t WHERE t.symbol = c.table_symbol AND t.as_of_date >= c.range_start AND"
                + " t.as_of_date < c.range_end)"),
        equalTo(0L));
    assertThat(
        number(
            desk, "SELECT CAST(coalesce(sum(rows_written), 0) AS BIGINT) FROM ops.backfill_chunks"),
        equalTo(number(desk, "SELECT count(*) FROM " + TABLE)));
    assertThat(number(desk, "SELECT count(*) FROM ops.requests"), greaterThan(0L));
  }
}
