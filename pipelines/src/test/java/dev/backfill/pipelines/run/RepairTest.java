package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was deleted, dropped or lost comes back from the landing for nothing, or is priced. */
class RepairTest {
  private static final String TABLE = BarSize.DAY.futuresTable();
  private static final Job JOB =
      Desk.job(BarSize.DAY, List.of("ZL.v.0", "6J.v.0"), "2024-01-01", "2024-03-01", 1, 30);

  @TempDir Path folder;
  private Desk desk;
  private List<String> before;
  private List<String> covered;
  private long billed;

  @BeforeEach
  void load() throws IOException {
    desk = Desk.in(folder);
    assertThat(desk.run(JOB), equalTo(0));
    before = TableRows.in(desk.database(), TABLE);
    covered = coverage();
    billed = desk.billedRequests();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private List<String> coverage() {
    return TableRows.query(
        desk.database(),
        "SELECT symbol, range_start, range_end, state, row_count FROM ops.coverage ORDER BY ALL");
  }

  private void assertRestored() throws IOException {
    assertThat(desk.said(), desk.repair(true), equalTo(4));
    int code = desk.repair(false);
    assertThat(desk.said() + desk.printed(), code, equalTo(0));
    assertSame(TableRows.in(desk.database(), TABLE), before);
    assertThat(coverage(), equalTo(covered));
    assertThat("nothing is bought", desk.billedRequests(), equalTo(billed));
    assertThat(desk.repair(true), equalTo(0));
    assertThat(desk.printed(), containsString("tables and ledger agree"));
  }

  @Test
  void aHealthyDatabaseIsLeftAlone() throws IOException {
    assertThat(desk.repair(false), equalTo(0));
    assertThat(desk.printed(), containsString("tables and ledger agree"));
    assertThat(
        TableRows.query(desk.database(), "SELECT job_name FROM ops.backfill_runs"),
        not(hasItem("repair")));
  }

  @Test
  void rowsDeletedByHandComeBack() throws IOException {
    Databases.sql(
        desk.database(),
        "DELETE FROM " + TABLE + " WHERE symbol = 'ZL' AND as_of_date = '2024-01-10'",
        "INSERT INTO " + TABLE + " (symbol, as_of_date) VALUES ('MINE', '2024-01-10')");
    assertThat(desk.repair(true), equalTo(4));
    assertThat(desk.printed(), containsString("ZL.v.0 2024-01-01/2024-01-31: "));
    assertThat(desk.printed(), containsString("1 row of 1 symbol that no coverage explains"));
    assertThat(desk.repair(false), equalTo(0));
    assertThat(
        TableRows.query(desk.database(), "SELECT symbol FROM " + TABLE + " WHERE symbol = 'MINE'"),
        equalTo(List.of("MINE")));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT status, rows_written > 0 FROM ops.backfill_runs WHERE job_name = 'repair'"),
        equalTo(List.of("success|true")));
    Databases.sql(desk.database(), "DELETE FROM " + TABLE + " WHERE symbol = 'MINE'");
    assertSame(TableRows.in(desk.database(), TABLE), before);
    assertThat(coverage(), equalTo(covered));
    assertThat(desk.billedRequests(), equalTo(billed));
  }

  @Test
  void aDroppedTableComesBack() throws IOException {
    Databases.sql(desk.database(), "DROP TABLE " + TABLE);
    assertRestored();
  }

  @Test
  void untilADroppedTableIsBackNothingTakesItForComplete() throws IOException {
    Databases.sql(desk.database(), "DROP TABLE " + TABLE);
    Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-03-01", 1, 30);
    Job hourly = Desk.job(BarSize.HOUR, List.of("ZL.v.0"), "2024-01-02", "2024-01-03", 1, 30);
    String gone =
        "The table "
            + TABLE
            + " is gone from "
            + desk.database()
            + ", and the ledger has "
            + before.size()
            + " rows of it as loaded";

    assertThat("what it has is asked for", desk.run(JOB), equalTo(5));
    assertThat(desk.said(), containsString(gone));
    assertThat(desk.said(), containsString("backfill repair --db " + desk.database()));
    assertThat("what it has not is too", desk.run(other), equalTo(5));
    assertThat(desk.load(JOB, Optional.empty()), equalTo(5));
    assertThat(desk.plan(desk.options(JOB), false), equalTo(5));
    assertThat(desk.importFiles(Optional.empty(), false, answer()), equalTo(5));
    assertThat("another table is there", desk.update(JOB, hourly), equalTo(5));
    assertThat(desk.said(), containsString("test-job was not brought up to date: " + gone));
    assertThat(TableRows.in(desk.database(), BarSize.HOUR.futuresTable()), not(empty()));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT DISTINCT job_name, status, error_message LIKE '%backfill repair%'"
                + " FROM ops.ingestion_completion WHERE status <> 'success' ORDER BY ALL"),
        equalTo(List.of("import|failed|true", "test-job|failed|true")));

    assertThat(desk.status(true), equalTo(0));
    JsonNode next = new ObjectMapper().readTree(desk.printed()).get("next");
    assertThat(
        next.get(0).get("command").asText(), equalTo("backfill repair --db " + desk.database()));
    assertThat(desk.repair(false), equalTo(0));
    assertThat(desk.run(JOB), equalTo(0));
    assertThat(desk.printed(), containsString("nothing to do"));
    assertThat(TableRows.in(desk.database(), TABLE).size(), equalTo(before.size()));
    assertThat(desk.status(false), equalTo(0));
    assertThat(desk.printed(), not(containsString("backfill repair")));
  }

  @Test
  void aLostDatabaseIsMadeAgain() throws IOException {
    List<String> requests = requests();
    Files.delete(desk.database());
    assertRestored();
    assertThat(requests(), equalTo(requests));
  }

  @Test
  void aDamagedAnswerIsSetAsideAndBoughtAgainByTheNextRun() throws IOException {
    Path answer = answer();
    byte[] bytes = Files.readAllBytes(answer);
    bytes[bytes.length / 2] ^= 1;
    Files.write(answer, bytes);
    Files.delete(desk.database());
    assertThat(desk.repair(false), equalTo(3));
    assertThat(Files.exists(answer), equalTo(false));
    Path quarantine = desk.landing().resolve("quarantine");
    Path aside = quarantine.resolve(desk.landing().relativize(answer));
    assertThat(Files.readAllBytes(aside), equalTo(bytes));
    assertThat(desk.said(), desk.run(JOB), equalTo(0));
    assertThat(desk.billedRequests(), equalTo(billed + 1));
    assertSame(TableRows.in(desk.database(), TABLE), before);
  }

  private Path answer() throws IOException {
    try (Stream<Path> files = Files.walk(desk.landing())) {
      return files
          .filter(f -> f.toString().endsWith(".dbn.zst"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private List<String> requests() {
    return TableRows.query(
        desk.database(),
        "SELECT request_no, billable_bytes, outcome FROM ops.requests ORDER BY ALL");
  }

  @Test
  void withoutALedgerNoRowIsExplained() throws IOException {
    Databases.sql(desk.database(), "DROP SCHEMA ops CASCADE");
    for (boolean dryRun : new boolean[] {true, false}) {
      assertThat(desk.repair(dryRun), equalTo(0));
      assertThat(desk.printed(), containsString("my.duckdb has no ledger"));
      assertThat(
          desk.printed(),
          containsString(
              TABLE
                  + ": "
                  + before.size()
                  + " rows of 2 symbols that no coverage explains, yours or from before"));
      assertThat(desk.printed(), not(containsString("agree")));
    }
    assertSame(TableRows.in(desk.database(), TABLE), before);
    assertThat(desk.said(), desk.run(JOB), equalTo(0));
    assertThat("for nothing", desk.billedRequests(), equalTo(billed));
    assertSame(TableRows.in(desk.database(), TABLE), before);
    assertThat(desk.repair(true), equalTo(0));
    assertThat(desk.printed(), containsString("tables and ledger agree"));
  }

  @Test
  void aLostLandingIsSaidAndNothingIsMissing() throws IOException {
    Databases.deleteTree(desk.landing());
    assertThat(desk.repair(false), equalTo(0));
    assertThat(desk.printed(), containsString("tables and ledger agree"));
    assertThat(desk.printed(), containsString("of 2 symbols are loaded and not in the landing"));
    assertThat(desk.printed(), containsString("Nothing is missing; if this database were lost, "));
  }

  @Test
  void whatIsInNeitherIsPricedAndLeftToARun() throws IOException {
    Databases.deleteTree(desk.landing());
    Databases.sql(desk.database(), "DELETE FROM " + TABLE + " WHERE symbol = 'ZL'");
    assertThat(desk.repair(false), equalTo(3));
    assertThat(desk.printed(), containsString("by the service's price"));
    assertThat(desk.printed(), containsString("): 1 symbol, 60.0 symbol-days to restore; "));
    assertThat(
        "each is told and priced once",
        desk.printed(),
        containsString("60.0 symbol-days of 1 symbol are loaded and not in the landing"));
    assertThat(desk.printed(), not(containsString("Nothing is missing")));
    assertThat("little, not nothing", desk.printed(), not(containsString("$0.00,")));
    assertThat(desk.printed(), containsString("backfill run JOB asks for it"));
    assertThat("repair buys nothing", desk.billedRequests(), equalTo(billed));
    assertThat(coverage().stream().filter(row -> row.startsWith("ZL")).toList().size(), equalTo(0));
    assertThat(desk.said(), desk.run(JOB), equalTo(0));
    assertThat(desk.billedRequests(), greaterThan(billed));
    assertSame(TableRows.in(desk.database(), TABLE), before);
  }

  @Test
  void moreRowsThanWereLoadedAreSaidAndLeft() throws IOException {
    Databases.sql(
        desk.database(),
        "INSERT INTO " + TABLE + " (symbol, as_of_date) VALUES ('ZL', '2024-01-06')");
    for (boolean dryRun : new boolean[] {true, false}) {
      assertThat(desk.repair(dryRun), equalTo(4));
      assertThat(desk.printed(), containsString("my.duckdb: tables and ledger do not agree"));
      assertThat(desk.printed(), containsString("more than were loaded: left as they are"));
    }
    assertThat(TableRows.in(desk.database(), TABLE).size(), equalTo(before.size() + 1));
  }

  @Test
  void moreRowsThanWereLoadedAreLeftBesideWhatComesBack() throws IOException {
    Databases.sql(
        desk.database(),
        "INSERT INTO " + TABLE + " (symbol, as_of_date) VALUES ('ZL', '2024-01-06')",
        "DELETE FROM " + TABLE + " WHERE symbol = '6J'");
    assertThat(desk.repair(false), equalTo(4));
    assertThat(desk.printed(), containsString("restored from the landing: "));
    assertThat(desk.printed(), containsString("tables and ledger do not agree"));
    assertThat(TableRows.in(desk.database(), TABLE).size(), equalTo(before.size() + 1));
  }
}
