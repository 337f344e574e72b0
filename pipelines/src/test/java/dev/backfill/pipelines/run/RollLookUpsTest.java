package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.http.Fault;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last days before a roll, whose figures are published when a symbol stands for the next. */
class RollLookUpsTest {
  private static final String FROM = "2025-06-01";
  private static final String TO = "2025-09-20";

  /** One rolls back and forth, one every month, one some times a year. */
  private static final List<String> ROOTS = List.of("SR3", "CL", "ZL");

  private static final String LOOKED_UP =
      "SELECT symbol, range_start, range_end FROM ops.coverage"
          + " WHERE target_table = 'raw.databento_statistics' AND stype_in = 'raw_symbol'"
          + " ORDER BY ALL";

  @TempDir static Path loaded;
  @TempDir Path folder;
  private Desk desk;

  @BeforeAll
  static void load() throws IOException {
    try (Desk first = Desk.in(loaded)) {
      assertThat(first.said(), first.run(job("daily-futures", TO), false), is(0));
      assertThat(first.said(), first.run(job("settlements", TO), false), is(0));
    }
  }

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.walk(loaded)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(loaded.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    desk = Desk.in(folder);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private static List<Job> job(String name, String to) {
    return JobFile.readAll(
        name,
        new Overrides(Optional.of(JobTime.parse(FROM)), Optional.of(JobTime.parse(to)), ROOTS));
  }

  private static List<Job> settlements() {
    return job("settlements", TO);
  }

  private static List<String> expected(Desk desk, String to) {
    return SettledBars.expected(desk.emulator.market(), ROOTS, FROM, to);
  }

  private void assertAsPublished() {
    assertSame(SettledBars.in(desk.database()), expected(desk, TO));
  }

  private List<String> query(String sql) {
    return TableRows.query(desk.database(), sql);
  }

  private JsonNode printed() throws IOException {
    return new ObjectMapper().readTree(desk.printed());
  }

  /** The last bars before a roll: those of the settlements that a symbol alone does not bring. */
  private static List<String> beforeRolls(List<String> rows) {
    List<String> last = new ArrayList<>();
    for (int i = 0; i + 1 < rows.size(); i++) {
      String[] one = rows.get(i).split("\\|");
      String[] next = rows.get(i + 1).split("\\|");
      if (one[0].equals(next[0]) && !one[2].equals(next[2])) {
        last.add(rows.get(i));
      }
    }
    return last;
  }

  @Test
  void everyBarHasWhatWasPublishedOfItsContract() throws IOException {
    List<String> expected = expected(desk, TO);
    List<String> last =
        beforeRolls(expected).stream().filter(row -> row.contains("|true|")).toList();
    assertThat(last.size(), greaterThan(20));
    assertThat(last.stream().filter(row -> row.startsWith("CL|")).count(), greaterThan(2L));
    assertAsPublished();

    assertThat(desk.run(settlements(), true), is(0));
    assertThat(desk.billedRequests(), is(0L));
    assertThat(printed().path("contracts_not_looked_up").asInt(-1), is(0));
    assertThat(printed().path("rows_written").asInt(-1), is(0));
  }

  @Test
  void onlyTheDaysAfterARollAreLookedUp() {
    for (String row : query(LOOKED_UP)) {
      String contract = row.substring(0, row.indexOf('|'));
      String day = row.split("\\|")[1].substring(0, 10);
      assertThat(
          row,
          query(
              "SELECT count(*) FROM reference.databento_symbology WHERE raw_symbol = '"
                  + contract
                  + "' AND end_date = DATE '"
                  + day
                  + "'"),
          equalTo(List.of("1")));
    }
    assertThat(
        query(
            "SELECT count(*) FROM ("
                + LOOKED_UP
                + ") WHERE range_end - range_start > INTERVAL 4 DAY"),
        equalTo(List.of("0")));
  }

  @Test
  void theStatisticsAloneKnowTheRolls() throws IOException {
    try (Desk alone = Desk.in(Files.createDirectory(folder.resolve("alone")))) {
      assertThat(alone.said(), alone.run(settlements(), false), is(0));
      assertThat(alone.printed(), containsString("look-ups"));
      assertSame(
          TableRows.query(alone.database(), LOOKED_UP),
          TableRows.query(desk.database(), LOOKED_UP));
      assertThat(alone.said(), alone.run(job("daily-futures", TO), false), is(0));
      assertSame(SettledBars.in(alone.database()), expected(alone, TO));
    }
  }

  @Test
  void whatTheServiceChangesIsFetchedAlsoWhereItWasLookedUp() throws IOException {
    String[] last =
        beforeRolls(expected(desk, TO)).stream()
            .filter(row -> row.startsWith("SR3|") && row.contains("|true|"))
            .skip(3)
            .findFirst()
            .orElseThrow()
            .split("\\|");
    LocalDate day = LocalDate.parse(last[1]);
    for (int i = 0; i < 4; i++) {
      desk.emulator
          .market()
          .revisions()
          .revise(Dataset.GLBX, "SR3", day.plusDays(i), LocalDate.parse("2025-12-15"));
    }
    assertThat(desk.rerun(settlements(), RerunOptions.Kind.CHANGED), is(0));
    List<String> changed = new ArrayList<>(SettledBars.in(desk.database()));
    assertThat(desk.rerun(job("daily-futures", TO), RerunOptions.Kind.CHANGED), is(0));
    assertAsPublished();
    assertThat(changed.stream().filter(row -> row.contains("|" + day + "|")).count(), is(3L));
  }

  @Test
  void aForcedRunBuysThemAnewAndAForgottenOneTakesThemFromTheLanding() throws IOException {
    assertThat(desk.rerun(settlements(), RerunOptions.Kind.FORCED), is(0));
    assertThat(
        desk.emulator.ledger().entries().stream()
            .filter(one -> one.method().contains("get_range") && one.bytes() > 0)
            .filter(one -> !one.symbols().contains(".v.0"))
            .count(),
        greaterThan(20L));
    assertAsPublished();

    desk.emulator.ledger().clear();
    assertThat(desk.said(), desk.forget(settlements(), true), is(0));
    assertThat(query(LOOKED_UP), equalTo(List.of()));
    assertThat(query("SELECT count(*) FROM raw.databento_statistics"), equalTo(List.of("0")));
    assertThat(
        query("SELECT count(settlement_price) FROM " + BarSize.DAY.futuresTable()),
        equalTo(List.of("0")));
    assertThat(desk.run(settlements(), false), is(0));
    assertAsPublished();
    assertThat(desk.billedRequests(), is(0L));
  }

  @Test
  void aLostDatabaseIsMadeAgainFromTheLanding() throws IOException {
    List<String> before = query(LOOKED_UP);
    Files.delete(desk.database());
    assertThat(desk.said(), desk.load(job("daily-futures", TO)), is(0));
    assertThat(desk.said(), desk.load(settlements()), is(0));
    assertAsPublished();
    assertSame(query(LOOKED_UP), before);
  }

  @Test
  void anUpdateGoesOnWhereTheDaysWereCutOff() throws IOException {
    // The day after a roll is there, and the next is not yet.
    String roll =
        query(
                "SELECT start_date FROM reference.databento_symbology WHERE requested_symbol ="
                    + " 'CL.v.0' ORDER BY start_date LIMIT 1 OFFSET 2")
            .get(0);
    String until = LocalDate.parse(roll).plusDays(1).toString();
    try (Desk daily = Desk.in(Files.createDirectory(folder.resolve("daily")))) {
      assertThat(daily.run(job("daily-futures", until), false), is(0));
      assertThat(daily.run(job("settlements", until), false), is(0));
      assertSame(SettledBars.in(daily.database()), expected(daily, until));
      List<String> cut = TableRows.query(daily.database(), LOOKED_UP);
      assertThat(cut.size(), lessThan(query(LOOKED_UP).size()));

      daily.update(job("daily-futures", TO).toArray(Job[]::new));
      assertThat(daily.said(), daily.update(settlements().toArray(Job[]::new)), is(0));
      assertSame(SettledBars.in(daily.database()), expected(daily, TO));
      daily.emulator.ledger().clear();
      assertThat(daily.update(settlements().toArray(Job[]::new)), is(0));
      assertThat(daily.billedRequests(), is(0L));
    }
  }

  @Test
  void whatCouldNotBeLookedUpIsSaidAndPricedAndBroughtNextTime() throws IOException {
    String contract = query(LOOKED_UP).get(0).split("\\|")[0];
    try (Desk refused = Desk.in(Files.createDirectory(folder.resolve("refused")))) {
      refused
          .emulator
          .faults()
          .add(Fault.status(400).on("timeseries.get_range").forSymbol(contract).times(-1));
      assertThat(refused.run(job("daily-futures", TO), false), is(0));
      assertThat(refused.said(), refused.run(settlements(), false), is(3));
      assertThat(refused.printed(), containsString("  not looked up after a roll: "));
      assertThat(refused.printed(), containsString(contract));
      assertThat(SettledBars.in(refused.database()).equals(expected(refused, TO)), is(false));

      refused.emulator.faults().clear();
      assertThat(refused.plan(settlements(), true), is(0));
      JsonNode plan = new ObjectMapper().readTree(refused.printed());
      assertThat(plan.path("cost_usd").asDouble(), greaterThan(0.0));
      assertThat(plan.path("chunks_to_fetch").asInt(), greaterThan(0));
      assertThat(refused.said(), refused.run(settlements(), false), is(0));
      assertThat(refused.printed(), not(containsString("not looked up")));
      assertSame(SettledBars.in(refused.database()), expected(refused, TO));
    }
  }
}
