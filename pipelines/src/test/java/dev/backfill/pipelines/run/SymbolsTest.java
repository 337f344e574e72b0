package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What resolves, from when to when, and why the rest does not; for nothing. */
class SymbolsTest {
  private static final List<String> SYMBOLS =
      List.of("ZL.v.0", "BZ.v.0", "GE.v.0", "LB.v.0", "VX.v.0", "QQQQ.v.0");

  @TempDir Path folder;
  private Desk desk;

  private Desk open(EmulatorConfig.Builder emulator) {
    desk = Desk.in(folder, emulator);
    return desk;
  }

  @AfterEach
  void nothingWasBilledAndClosed() {
    long data =
        desk.emulator.ledger().entries().stream()
            .filter(e -> e.method().contains("get_range") && !e.method().contains("dataset"))
            .count();
    desk.close();
    assertThat(data, equalTo(0L));
    assertThat(desk.emulator.ledger().billedBytes(), equalTo(0L));
  }

  private static Job job(String stypeIn, String dataset, List<String> symbols, String from) {
    return new Job(
        "mine",
        "databento",
        dataset,
        "ohlcv-1d",
        stypeIn,
        symbols,
        JobTime.parse(from),
        new JobTime.Now(),
        BarSize.DAY.futuresTable(),
        Job.ChunkLimits.LARGE,
        List.of(),
        false);
  }

  private static Job continuous(String from) {
    return job("continuous", "GLBX.MDP3", SYMBOLS, from);
  }

  /** The day after the last of each instrument under a parent, since 2022. */
  private List<String> listed(String parent) {
    return desk
        .emulator
        .market()
        .resolve(
            Dataset.GLBX,
            SType.PARENT,
            SType.INSTRUMENT_ID,
            List.of(parent),
            LocalDate.of(2022, 1, 1),
            LocalDate.of(2025, 12, 15))
        .result()
        .values()
        .stream()
        .flatMap(List::stream)
        .map(interval -> interval.end().toString())
        .toList();
  }

  private long id(String contract, String day) {
    LocalDate date = LocalDate.parse(day);
    return Long.parseLong(
        desk.emulator
            .market()
            .resolve(
                Dataset.GLBX,
                SType.RAW_SYMBOL,
                SType.INSTRUMENT_ID,
                List.of(contract),
                date,
                date.plusDays(1))
            .result()
            .get(contract)
            .get(0)
            .symbol());
  }

  private List<String> asked() {
    return desk.emulator.ledger().entries().stream().map(e -> e.method()).sorted().toList();
  }

  @Test
  void everySymbolIsSaidWhatItIs() throws IOException {
    open(EmulatorConfig.builder());
    assertThat(desk.said(), desk.symbols(continuous("2020-01-01"), false, false), equalTo(0));
    assertThat(desk.said(), is(""));
    assertThat(
        desk.printed(),
        equalTo(
            """
            mine: GLBX.MDP3, continuous, 2020-01-01 to 2025-12-15: 3 of 6 symbols resolve

            symbol  from        to          contracts  rolls  flips  contract  since
            ------  ----------  ----------  ---------  -----  -----  --------  ----------
            ZL.v.0  2020-01-01  2025-12-15         30     55     26  ZLF6      2025-11-25
            BZ.v.0  2020-01-01  2025-12-15         74    253    180  BZG6      2025-12-01
            GE.v.0  2020-01-01  2023-04-15         16     64     49  GEM3      2023-03-12

            Resolve no more:
              GE.v.0  since 2023-04-15; retired 2023 (open interest converted to SR3); history 2010-06..2023; resolves only for its live range

            Never resolve:
              LB.v.0    retired: legacy code; CME Globex used LBS. Expect not-resolved
              QQQQ.v.0  GLBX.MDP3 knows no such symbol in the wanted range, and the catalogue no such root

            Are on another dataset:
              VX.v.0  XCBF.PITCH (VIX futures), which is not in this key's subscription

            Warning: flip back and forth, so that their prices jump where nothing has happened; contract_symbol says whose they are:
              BZ.v.0  180 of 253 rolls went back to a contract that was left
              GE.v.0  49 of 64 rolls went back to a contract that was left
            """));
    assertThat(
        asked(),
        contains(
            "metadata.get_dataset_range",
            "metadata.get_dataset_range",
            "symbology.resolve",
            "symbology.resolve"));
  }

  @Test
  void theSameFactsAsJson() throws IOException {
    open(EmulatorConfig.builder());
    Job job = job("continuous", "GLBX.MDP3", List.of("ZN.v.0", "VX.v.0"), "2025-10-01");
    assertThat(desk.said(), desk.symbols(job, false, true), equalTo(0));
    assertThat(
        new ObjectMapper().readTree(desk.printed()),
        equalTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"job": "mine", "dataset": "GLBX.MDP3", "stype_in": "continuous", "exit_code": 0,
                     "from": "2025-10-01", "to": "2025-12-15",
                     "symbols": [
                       {"symbol": "ZN.v.0", "state": "resolves", "reason": "",
                        "from": "2025-10-01", "to": "2025-12-15", "contracts": 2,
                        "days_without": 0, "rolls": 1, "flips": [],
                        "last": {"contract": "ZNH6", "instrument_id": %d, "since": "2025-11-22"}},
                       {"symbol": "VX.v.0", "state": "elsewhere",
                        "reason": "XCBF.PITCH (VIX futures), which is not in this key's subscription"}],
                     "flip_back_and_forth": []}
                    """
                        .formatted(id("ZNH6", "2025-11-22")))));
    assertThat(desk.symbols(continuous("2024-01-01"), true, true), equalTo(0));
    JsonNode facts = new ObjectMapper().readTree(desk.printed());
    assertThat(facts.get("flip_back_and_forth").toString(), equalTo("[\"BZ.v.0\"]"));
    assertThat(
        facts.get("roll_rows").asInt(), equalTo(RollTableTest.table(desk.database()).size()));
  }

  @Test
  void theRollTableIsTheMarkets() throws IOException {
    open(EmulatorConfig.builder());
    List<String> truth =
        RollTableTest.expected(desk.emulator.market(), SYMBOLS, "2020-01-01", "2025-12-15").stream()
            .sorted()
            .toList();
    for (int again = 0; again < 2; again++) {
      assertThat(desk.said(), desk.symbols(continuous("2020-01-01"), true, false), equalTo(0));
      assertSame(RollTableTest.table(desk.database()), truth);
      assertThat(
          desk.printed(),
          containsString(
              truth.size() + " rows of these symbols are now in reference.databento_symbology"));
    }
    // Some of the days: the others stay.
    assertThat(desk.said(), desk.symbols(continuous("2025-06-01"), true, false), equalTo(0));
    assertSame(RollTableTest.table(desk.database()), truth);
  }

  @Test
  void aDatabaseOfAnotherOriginIsNotWritten() throws IOException {
    open(EmulatorConfig.builder());
    assertThat(desk.said(), desk.symbols(continuous("2025-06-01"), true, false), equalTo(0));
    byte[] before = Files.readAllBytes(desk.database());
    desk.close();
    open(EmulatorConfig.builder().seed(7));
    assertThat(desk.symbols(continuous("2025-06-01"), true, false), equalTo(5));
    assertThat(
        desk.said(), containsString("The database holds data from emulator:1:1, and --api-url"));
    assertThat(Files.readAllBytes(desk.database()), equalTo(before));
  }

  @Test
  void parentsAreAskedOneByOne() throws IOException {
    open(EmulatorConfig.builder());
    List<String> parents = List.of("ZL.FUT", "LB.FUT", "GE.FUT", "VX.FUT", "QQQQ.OPT");
    Job job = job("parent", "GLBX.MDP3", parents, "2022-01-01");
    assertThat(desk.said(), desk.symbols(job, true, false), equalTo(0));
    assertThat(
        desk.printed(),
        equalTo(
            """
            mine: GLBX.MDP3, parent, 2022-01-01 to 2025-12-15: 2 of 5 symbols resolve

            symbol  from        to          instruments  at the end
            ------  ----------  ----------  -----------  ----------
            ZL.FUT  2022-01-01  2025-12-15  %,11d  %,10d
            GE.FUT  2022-01-01  2023-04-15  %,11d  %,10d

            Resolve no more:
              GE.FUT  since 2023-04-15; retired 2023 (open interest converted to SR3); history 2010-06..2023; resolves only for its live range

            Parents with nothing listed:
              LB.FUT    retired: legacy code; CME Globex used LBS. Expect not-resolved
              QQQQ.OPT  nothing is listed under this parent in the wanted range, and the catalogue no such root

            Are on another dataset:
              VX.FUT  XCBF.PITCH (VIX futures), which is not in this key's subscription
            """
                .formatted(
                    listed("ZL.FUT").size(),
                    listed("ZL.FUT").stream().filter("2025-12-15"::equals).count(),
                    listed("GE.FUT").size(),
                    listed("GE.FUT").stream().filter("2023-04-15"::equals).count())));
    assertThat(asked().stream().filter("symbology.resolve"::equals).count(), equalTo(5L));
    assertThat(Files.exists(desk.database()), is(false));
  }

  @Test
  void aSymbolOfTheWrongFormSpoilsNothing() throws IOException {
    open(EmulatorConfig.builder());
    Job job =
        job(
            "continuous",
            "GLBX.MDP3",
            List.of("ZL.v.0", "ABCDEFGHIJ.v.0", "ZS.v.0", "ZN.v.0"),
            "2025-06-01");
    assertThat(desk.said(), desk.symbols(job, false, false), equalTo(0));
    assertThat(desk.printed(), containsString(": 3 of 4 symbols resolve"));
    assertThat(
        desk.printed(),
        containsString(
            """
            Are no symbols of this kind:
              ABCDEFGHIJ.v.0  Invalid symbol ABCDEFGHIJ.v.0"""));
  }

  @Test
  void anAnswerThatIsTooLargeIsAskedForByYear() throws IOException {
    open(EmulatorConfig.builder());
    desk.emulator.faults().add(Fault.status(413).on("symbology.resolve").times(1));
    assertThat(desk.said(), desk.symbols(continuous("2022-03-01"), true, false), equalTo(0));
    assertSame(
        RollTableTest.table(desk.database()),
        RollTableTest.expected(desk.emulator.market(), SYMBOLS, "2022-03-01", "2025-12-15").stream()
            .sorted()
            .toList());
    // The refused one, four years, and the names.
    assertThat(asked().stream().filter("symbology.resolve"::equals).count(), equalTo(6L));
  }

  @ParameterizedTest
  @EnumSource(KeyRights.Denial.class)
  void aDatasetWithoutRightsIsOneSentence(KeyRights.Denial denial) throws IOException {
    open(
        EmulatorConfig.builder()
            .key(EmulatorConfig.DEFAULT_KEY, KeyRights.of("GLBX.MDP3").withDenial(denial)));
    Job job = job("continuous", "IFUS.IMPACT", List.of("KC.v.0", "SB.v.0"), "2020-01-01");
    assertThat(desk.symbols(job, true, false), equalTo(5));
    assertThat(
        desk.printed(),
        equalTo(
            "mine: IFUS.IMPACT, continuous: IFUS.IMPACT is not in this key's subscription, and none"
                + " of the 2 symbols can be resolved with it; nothing was spent"
                + System.lineSeparator()));
    assertThat(Files.exists(desk.database()), is(false));
  }

  @Test
  void aKeyThatMayHaveTheOtherDatasetIsToldSo() throws IOException {
    open(
        EmulatorConfig.builder()
            .key(EmulatorConfig.DEFAULT_KEY, KeyRights.of("GLBX.MDP3", "XCBF.PITCH")));
    Job job = job("continuous", "GLBX.MDP3", List.of("VX.v.0"), "2020-01-01");
    assertThat(desk.said(), desk.symbols(job, false, false), equalTo(0));
    assertThat(
        desk.printed(),
        equalTo(
            """
            mine: GLBX.MDP3, continuous, 2020-01-01 to 2025-12-15: 0 of 1 symbol resolves

            Are on another dataset:
              VX.v.0  XCBF.PITCH (VIX futures), which this key may have
            """));
  }

  @Test
  void ofFredItSaysWhichCommandTells() throws IOException {
    desk = Desk.in(folder);
    Job job = Fred.job("fred", Fred.OBSERVATIONS, List.of("GDP"), Fred.TABLE, true);
    assertThat(desk.symbols(job, false, false), is(2));
    assertThat(
        desk.said(),
        containsString("backfill plan fred says which are new, changed, unknown or discontinued"));
  }
}
