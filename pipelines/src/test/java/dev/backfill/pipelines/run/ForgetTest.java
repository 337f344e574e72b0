package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten counts as missing, and comes back for nothing from the landing. */
class ForgetTest {
  private static final String TABLE = BarSize.DAY.futuresTable();

  @TempDir Path folder;

  private static Job job(String from, String to) {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0", "6J.v.0"), from, to, 2, 400);
  }

  private static final Job WHOLE = job("2024-01-01", "2024-03-01");
  private static final Job MIDDLE =
      Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-10", "2024-02-01", 2, 400);

  private static List<String> coverage(Desk desk) {
    return TableRows.query(
        desk.database(),
        "SELECT symbol, CAST(range_start AS DATE), CAST(range_end AS DATE), state, row_count ="
            + " (SELECT count(*) FROM "
            + TABLE
            + " t WHERE t.symbol = c.table_symbol AND t.as_of_date >= c.range_start AND"
            + " t.as_of_date < c.range_end) FROM ops.coverage c ORDER BY symbol, range_start");
  }

  private static List<String> whole(Desk desk) {
    return TableRows.expected(
        desk.emulator.market(),
        BarSize.DAY,
        List.of("ZL", "6J"),
        "2024-01-01T00:00:00Z",
        "2024-03-01T00:00:00Z");
  }

  private static List<String> table(Desk desk) {
    return TableRows.query(
        desk.database(), "SELECT symbol, as_of_date FROM " + TABLE + " ORDER BY ALL");
  }

  @Test
  void theCoverageIsSplitTheRowsStayAndTheLandingBringsItBack() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(WHOLE), equalTo(0));
      List<String> before = table(desk);
      List<String> covered = coverage(desk);
      long billed = desk.billedRequests();

      assertThat(desk.said(), desk.forget(MIDDLE, false, true), equalTo(0));
      assertThat(desk.printed(), containsString("would forget 1 symbol between 2024-01-10"));
      assertThat("a dry run changes nothing", coverage(desk), equalTo(covered));

      assertThat(desk.said(), desk.forget(MIDDLE, false, false), equalTo(0));
      assertThat(desk.printed(), containsString("stayed in the table, explained by no coverage"));
      assertThat(desk.printed(), containsString("to be loaded for nothing; nothing has to be"));
      assertThat(
          coverage(desk),
          equalTo(
              List.of(
                  "6J.v.0|2024-01-01|2024-03-01|loaded|true",
                  "ZL.v.0|2024-01-01|2024-01-10|loaded|true",
                  "ZL.v.0|2024-02-01|2024-03-01|loaded|true")));
      assertThat(table(desk), equalTo(before));
      List<String> log =
          TableRows.query(
              desk.database(),
              "SELECT status, note FROM ops.backfill_runs WHERE job_name = 'forget'");
      assertThat(log, hasSize(1));
      assertThat(log.get(0), containsString("success|" + TABLE + ": forgot 1 symbol"));

      assertThat(desk.said(), desk.run(WHOLE), equalTo(0));
      assertThat(desk.billedRequests(), equalTo(billed));
      assertThat(table(desk), equalTo(before));
      assertThat(
          TableRows.query(desk.database(), "SELECT count(*) FROM ops.replaced_rows"),
          equalTo(List.of("0")));
    }
  }

  @Test
  void withRowsTheyGoAndThoseOfNoCoverageStay() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(WHOLE), equalTo(0));
      List<String> before = table(desk);
      long billed = desk.billedRequests();
      Databases.sql(
          desk.database(),
          "INSERT INTO " + TABLE + " (symbol, as_of_date) VALUES ('MINE', '2024-01-15')");
      assertThat(desk.forget(MIDDLE, true, false), equalTo(0));
      assertThat(desk.printed(), matchesPattern("(?s).*\\d+ rows deleted.*"));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT symbol, count(*) FROM "
                  + TABLE
                  + " WHERE as_of_date BETWEEN '2024-01-10' AND '2024-01-31' AND symbol <> '6J'"
                  + " GROUP BY symbol"),
          equalTo(List.of("MINE|1")));
      assertThat(desk.forget(MIDDLE, true, false), equalTo(0));
      assertThat(desk.printed(), containsString("nothing of it is covered"));

      assertThat(desk.run(WHOLE), equalTo(0));
      Databases.sql(desk.database(), "DELETE FROM " + TABLE + " WHERE symbol = 'MINE'");
      assertThat(table(desk), equalTo(before));
      assertThat(desk.billedRequests(), equalTo(billed));
    }
  }

  @Test
  void whatTheLandingDoesNotHoldHasItsPrice() throws IOException {
    Desk desk = Desk.in(folder);
    ApiOptions api = desk.api();
    try (desk) {
      assertThat(desk.run(WHOLE), equalTo(0));
      Databases.deleteTree(desk.landing());
      assertThat(desk.forget(MIDDLE, false, true), equalTo(0));
      assertThat(desk.printed(), containsString("the landing holds nothing of it"));
      assertThat(desk.printed(), containsString("by the service's price"));
    }
    assertThat(desk.forget(MIDDLE, false, true, api), equalTo(0));
    assertThat(desk.printed(), containsString("by what the ledger says it cost"));
    assertThat(
        Double.parseDouble(
            TableRows.query(
                    desk.database(), "SELECT sum(cost_estimate_usd) FROM ops.backfill_chunks")
                .get(0)),
        greaterThan(0.0));
  }

  @Test
  void afterwardsTheTableIsTheMarkets() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(WHOLE), equalTo(0));
      assertThat(desk.forget(WHOLE, true, false), equalTo(0));
      assertThat(table(desk), hasSize(0));
      assertThat(coverage(desk), hasSize(0));
      assertThat(desk.run(WHOLE), equalTo(0));
      assertSame(
          table(desk).stream().map(r -> r.split("\\|")[0]).toList(),
          whole(desk).stream().map(r -> r.split("\\|")[0]).toList());
    }
  }
}
