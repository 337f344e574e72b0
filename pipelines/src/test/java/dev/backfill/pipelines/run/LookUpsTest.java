package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.http.Fault;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of options whose definition is not there, by the run and by validate. */
class LookUpsTest {
  private static final String SAID = "  without strike, expiration and type: ";
  private static final List<Job> PARTS = OptionsDailyTest.parts("OZL", "2024-01-20", "2024-02-12");

  @TempDir static Path loaded;
  private static Desk desk;

  @TempDir Path folder;

  @BeforeAll
  static void load() throws IOException {
    desk = Desk.in(loaded);
    int code = desk.run(PARTS, false);
    assertThat(desk.said() + desk.printed(), code, is(0));
    assertThat(desk.printed(), not(containsString(SAID)));
  }

  @BeforeEach
  void copy() throws IOException {
    desk.databaseAt(Files.copy(loaded.resolve("my.duckdb"), folder.resolve("copy.duckdb")));
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static List<String> query(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
  }

  private static JsonNode printed(Desk desk) throws IOException {
    return new ObjectMapper().readTree(desk.printed());
  }

  @Test
  void anOptionWhoseDefinitionIsRefusedIsCountedUntilItIsServed() throws IOException {
    String option =
        query(
                desk,
                "SELECT symbol FROM ops.coverage WHERE schema_name = 'definition'"
                    + " AND stype_in = 'raw_symbol' AND state = 'loaded' ORDER BY symbol")
            .get(0);
    String lacking =
        "SELECT contract_symbol, as_of_date FROM "
            + OptionRows.TABLE
            + " WHERE strike_price IS NULL AND expiration_date IS NULL AND option_type IS NULL"
            + " ORDER BY ALL";
    List<String> whole = OptionRows.in(desk.database());
    try (Desk refused = Desk.in(folder)) {
      refused
          .emulator
          .faults()
          .add(Fault.status(400).on("timeseries.get_range").forSymbol(option).times(-1));
      assertThat(refused.said(), refused.run(PARTS, false), is(3));
      List<String> rows = query(refused, lacking);
      assertThat(rows.size(), greaterThan(0));
      assertThat(
          refused.printed(),
          containsString(SAID + SummaryReport.counted(rows.size(), "row") + " of "));
      assertThat(refused.printed(), containsString(option));

      refused.emulator.faults().clear();
      assertThat(refused.said(), refused.run(PARTS, true), is(0));
      assertThat(printed(refused).path("rows_without_definition").asInt(-1), is(0));
      TableRows.assertSame(OptionRows.in(refused.database()), whole);
    }
  }

  @Test
  void anOptionThatTheServiceDoesNotKnowIsSaidAndAskedForOnce() throws IOException {
    Databases.sql(
        desk.database(),
        "INSERT INTO "
            + OptionRows.TABLE
            + " SELECT * REPLACE ('OZLZ4 C9999' AS contract_symbol, 1 AS instrument_id,"
            + " NULL AS strike_price, NULL AS expiration_date, NULL AS option_type) FROM "
            + OptionRows.TABLE
            + " ORDER BY contract_symbol, as_of_date LIMIT 1");
    String line = SAID + "1 row of OZLZ4 C9999, which no definition names";
    assertThat(desk.said(), desk.run(PARTS, false), is(0));
    assertThat(desk.printed(), containsString(line));
    assertThat(
        query(desk, "SELECT state FROM ops.coverage WHERE symbol = 'OZLZ4 C9999'"),
        equalTo(List.of("unresolved")));

    desk.emulator.ledger().clear();
    assertThat(desk.run(PARTS, true), is(0));
    assertThat(
        desk.emulator.ledger().entries().stream()
            .filter(one -> one.method().contains("get_range"))
            .count(),
        is(0L));
    assertThat(printed(desk).path("rows_without_definition").asInt(-1), is(1));
    assertThat(printed(desk).path("options_without_definition").asInt(-1), is(1));
  }

  @Test
  void validatePassesWhatWasLoadedAndSaysWhatIsLostSince() throws IOException {
    int clean = desk.validate(validation(true), true);
    assertThat(desk.printed(), clean, is(0));
    assertThat(ValidateTest.findings(printed(desk)), equalTo(List.of()));

    Databases.sql(
        desk.database(),
        "UPDATE "
            + OptionRows.TABLE
            + " SET strike_price = NULL WHERE (contract_symbol, as_of_date) = (SELECT"
            + " (contract_symbol, as_of_date) FROM "
            + OptionRows.TABLE
            + " ORDER BY ALL LIMIT 1)");
    List<String> lacking = List.of("warning option-identity 1 [OZL.OPT]");
    assertThat(desk.validate(validation(false), true), is(0));
    assertThat(ValidateTest.findings(printed(desk)), equalTo(lacking));
    assertThat(desk.validate(validation(true), true), is(4));
    assertThat(ValidateTest.findings(printed(desk)), equalTo(lacking));

    Databases.sql(
        desk.database(),
        "DELETE FROM reference.databento_definitions WHERE rowid = (SELECT min(rowid)"
            + " FROM reference.databento_definitions WHERE parent_symbol = 'OZL.OPT')");
    assertThat(desk.validate(validation(false), true), is(4));
    assertThat(
        ValidateTest.findings(printed(desk)),
        equalTo(List.of("warning option-identity 1 [OZL.OPT]", "error ledger-lost 1 [OZL.OPT]")));
  }

  @Test
  void aHoleIsFilledByTheCommandOfTheWholeJob() throws IOException {
    List<Job> more = OptionsDailyTest.parts("OZL", "2024-01-10", "2024-02-12");
    assertThat(desk.validate(validation(more, false), true), is(4));
    List<String> commands = new ArrayList<>();
    for (JsonNode table : printed(desk).path("tables")) {
      table.path("findings").forEach(one -> commands.add(one.path("remedy").asText()));
    }
    String days =
        "backfill run options-daily --db "
            + desk.database()
            + " --symbols OZL.OPT --from 2024-01-10 --to ";
    // Of definitions the first day is wanted, and the 18th, which is a fixed one.
    assertThat(
        commands, equalTo(List.of(days + "2024-01-20", days + "2024-01-20", days + "2024-01-19")));
  }

  private ValidateOptions validation(boolean strict) {
    return validation(PARTS, strict);
  }

  private static ValidateOptions validation(List<Job> parts, boolean strict) {
    return new ValidateOptions(
        parts,
        true,
        new Overrides(Optional.empty(), Optional.empty(), List.of("OZL")),
        desk.database(),
        List.of(),
        Optional.of(OptionsDailyTest.END),
        false,
        strict,
        Duration.ZERO);
  }
}
