package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
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

/** Two jobs share answers; one has a table, a filter and a key of its own. */
class LostDatabaseTest {
  private static final String OWN = "raw.own_futures_1d";
  private static final String USUAL = BarSize.DAY.futuresTable();
  private static final List<String> SYMBOLS = List.of("ZL.v.0", "6J.v.0");

  @TempDir Path folder;
  private Desk desk;
  private List<String> own;
  private List<String> usual;
  private List<String> covered;
  private long billed;

  private static Job usual() {
    return Desk.job(BarSize.DAY, SYMBOLS, "2024-01-01", "2024-03-01", 1, 30);
  }

  /** Wants some of the same, and some of its own. */
  private static Job own(String to) {
    Job like = Desk.job(BarSize.DAY, List.of("ZL.v.0", "CL.v.0"), "2024-02-01", to, 1, 30);
    return new Job(
        "own-job",
        like.source(),
        like.dataset(),
        like.schema(),
        like.stypeIn(),
        like.symbols(),
        like.from(),
        like.to(),
        OWN,
        like.chunk(),
        List.of(1),
        true);
  }

  @BeforeEach
  void load() throws IOException {
    desk = Desk.in(folder);
    assertThat(desk.said(), desk.run(usual()), equalTo(0));
    assertThat(desk.said(), desk.run(own("2024-03-01")), equalTo(0));
    assertThat(desk.said(), desk.run(own("2024-04-01")), equalTo(0));
    own = TableRows.in(desk.database(), OWN);
    usual = TableRows.in(desk.database(), USUAL);
    covered = coverage();
    billed = desk.billedRequests();
    assertThat(primaryKeys(), equalTo(List.of("own_futures_1d")));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private List<String> coverage() {
    return TableRows.query(
        desk.database(),
        "SELECT target_table, publishers, symbol, range_start, range_end, state, row_count"
            + " FROM ops.coverage ORDER BY ALL");
  }

  private List<String> primaryKeys() {
    return TableRows.query(
        desk.database(),
        "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
            + " AND schema_name = 'raw'");
  }

  private void assertAllIsBack() {
    assertSame(TableRows.in(desk.database(), OWN), own);
    assertSame(TableRows.in(desk.database(), USUAL), usual);
    assertThat(coverage(), equalTo(covered));
    assertThat(primaryKeys(), equalTo(List.of("own_futures_1d")));
    assertThat("nothing is bought", desk.billedRequests(), equalTo(billed));
  }

  @Test
  void eachJobComesBackIntoItsOwnTableAsItWas() throws IOException {
    Files.delete(desk.database());
    int code = desk.repair(false);
    assertThat(desk.said() + desk.printed(), code, equalTo(0));
    assertThat(desk.printed(), not(containsString("does not say which job")));
    assertAllIsBack();
    assertThat(desk.repair(true), equalTo(0));
    try (Database database = Database.openReadOnly(desk.database().toString())) {
      assertThat(
          "a rerun needs no job file",
          new Ledger(database).setting("job.own-job").orElseThrow(),
          containsString(OWN));
    }
    assertThat(desk.run(own("2024-04-01")), equalTo(0));
    assertThat(desk.billedRequests(), equalTo(billed));
  }

  @Test
  void aDroppedTableComesBackWithItsKey() throws IOException {
    Databases.sql(desk.database(), "DROP TABLE " + OWN);
    int code = desk.repair(false);
    assertThat(desk.said() + desk.printed(), code, equalTo(0));
    assertAllIsBack();
  }

  @Test
  void whatWasOnlyLoadedFromALandingComesBackToo() throws IOException {
    Databases.deleteTree(desk.landing().resolve("jobs"));
    Files.delete(desk.database());
    assertThat(desk.load(own("2024-04-01"), Optional.empty()), equalTo(0));
    Files.delete(desk.database());
    int code = desk.repair(false);
    assertThat(desk.said() + desk.printed(), code, equalTo(0));
    assertSame(TableRows.in(desk.database(), OWN), own);
  }

  @Test
  void aLandingThatKeepsNoJobsComesBackIntoTheUsualTable() throws IOException {
    try (Stream<Path> files = Files.list(desk.landing().resolve("jobs"))) {
      List<Path> kept = files.sorted().toList();
      assertThat(kept.size(), equalTo(2));
      Files.delete(kept.get(0));
      Files.writeString(kept.get(1), "{\"name\": \"cut");
    }
    Files.delete(desk.database());
    int code = desk.repair(false);
    assertThat(desk.said() + desk.printed(), code, equalTo(0));
    assertThat(desk.printed(), containsString("does not say which job they are for"));
    assertThat(
        TableRows.query(
            desk.database(), "SELECT DISTINCT target_table, publishers FROM ops.coverage"),
        equalTo(List.of(USUAL + "|*")));
    assertThat(TableRows.in(desk.database(), USUAL).size() > usual.size(), equalTo(true));
  }
}
