package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options with what definitions and statistics say of them. */
class OptionsDailyTest {
  /** When the small range ends: nothing of it is old then. */
  static final Instant END = Instant.parse("2024-02-12T00:00:00Z");

  @TempDir Path folder;

  static List<Job> parts(String symbols, String from, String to) {
    return JobFile.readAll(
        "options-daily",
        new Overrides(
            Optional.of(JobTime.parse(from)),
            Optional.of(JobTime.parse(to)),
            List.of(symbols.split(","))));
  }

  private static List<String> count(Desk desk, String condition) {
    return TableRows.query(
        desk.database(), "SELECT count(*) FROM " + OptionRows.TABLE + " WHERE " + condition);
  }

  @Test
  void everyRowIsWhatTheMarketSays() throws IOException {
    List<Job> parts = parts("OZL,LNE", "2024-01-20", "2024-02-12");
    List<String> parents = List.of("OZL.OPT");
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.plan(parts, true), is(0));
      JsonNode plan = new ObjectMapper().readTree(desk.printed());
      assertThat(plan.path("parts").size(), is(3));
      assertThat(plan.path("parts").get(0).path("job").asText(), is("options-daily/definition"));
      assertThat(plan.path("parts").get(0).path("cost_usd").asDouble(), greaterThan(0.0));
      assertThat(plan.path("cost_usd").asDouble(), greaterThan(0.0));
      assertThat(desk.plan(parts, false), is(0));
      assertThat(desk.printed(), containsString("options-daily in all: "));
      assertThat(desk.emulator.ledger().billedBytes(), is(0L));

      int code = desk.run(parts, false);

      assertThat(desk.said() + desk.printed(), code, is(0));
      assertThat(desk.printed(), containsString("  never resolved: LNE.OPT"));
      List<String> expected =
          OptionRows.expected(desk.emulator.market(), parents, "2024-01-20", "2024-02-12");
      assertSame(OptionRows.in(desk.database()), expected);
      assertThat(count(desk, "strike_price IS NULL"), equalTo(List.of("0")));
      List<String> lookedUp =
          TableRows.query(
              desk.database(),
              "SELECT count(*) > 0, min(epoch(range_end) - epoch(range_start)),"
                  + " max(epoch(range_end) - epoch(range_start)) FROM ops.coverage"
                  + " WHERE schema_name = 'definition' AND stype_in = 'raw_symbol'"
                  + " AND state = 'loaded'");
      assertThat(lookedUp, equalTo(List.of("true|86400.0|86400.0")));

      desk.emulator.ledger().clear();
      assertThat(desk.run(parts, true), is(0));
      assertThat(desk.billedRequests(), is(0L));
      JsonNode again = new ObjectMapper().readTree(desk.printed());
      assertThat(again.path("rows_written").asLong(-1), is(0L));
      assertThat(again.path("rows_without_definition").asLong(-1), is(0L));

      assertThat(desk.said(), desk.rerun(parts, RerunOptions.Kind.FORCED), is(0));
      assertThat(desk.billedRequests(), greaterThan(0L));
      assertSame(OptionRows.in(desk.database()), expected);

      desk.emulator
          .market()
          .revisions()
          .revise(
              Dataset.GLBX,
              "OZL.OPT",
              LocalDate.parse("2024-02-06"),
              LocalDate.parse("2025-12-15"));
      List<String> revised =
          OptionRows.expected(desk.emulator.market(), parents, "2024-01-20", "2024-02-12");
      assertThat(revised, not(equalTo(expected)));
      assertThat(desk.rerun(parts, RerunOptions.Kind.CHANGED), is(0));
      assertSame(OptionRows.in(desk.database()), revised);
    }
  }

  @Tag("slow")
  @Test
  void threeParentsOfAYear() throws IOException {
    List<Job> parts = parts("OZL,OZS,OZM", "2024-01-01", "2025-01-01");
    try (Desk desk = Desk.in(folder)) {
      int code = desk.run(parts, false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      List<String> expected =
          OptionRows.expected(
              desk.emulator.market(),
              List.of("OZL.OPT", "OZS.OPT", "OZM.OPT"),
              "2024-01-01",
              "2025-01-01");
      assertSame(OptionRows.in(desk.database()), expected);
      assertThat(count(desk, "expiration_date IS NULL"), equalTo(List.of("0")));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT count(DISTINCT contract_symbol) > 300, count(DISTINCT expiration_date) > 12"
                  + " FROM "
                  + OptionRows.TABLE),
          equalTo(List.of("true|true")));
      assertThat(
          "options whose definition changed in their life",
          TableRows.query(
                  desk.database(),
                  "SELECT raw_symbol FROM reference.databento_definitions"
                      + " GROUP BY raw_symbol, instrument_id, activation"
                      + " HAVING count(DISTINCT expiration) > 1")
              .size(),
          greaterThan(0));

      // From the landing alone, with what was looked up.
      Files.delete(desk.database());
      assertThat(desk.said(), desk.load(parts), is(0));
      assertSame(OptionRows.in(desk.database()), expected);
    }
  }
}
