package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Job;
import dev.backfill.schemas.Job.ChunkLimits;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileTest {
  private static final String JOB =
      """
      name: mine
      source: databento
      dataset: GLBX.MDP3
      schema: ohlcv-1d
      stype_in: continuous
      symbols: [ZL.v.0, ZS.v.0]
      from: 2010-06-06
      to: now
      """;

  @TempDir private Path folder;

  @Test
  void builtInDailyJobWantsAllCoreSymbolsSinceTheFirstDay() {
    Job job = JobFile.read("daily-futures");
    assertThat(job.name(), is("daily-futures"));
    assertThat(job.symbols().get(0), is("ZL.v.0"));
    assertThat(job.from(), equalTo(at("2010-06-06")));
    assertThat(job.to(), instanceOf(JobTime.Now.class));
    assertThat(job.table(), is("raw.databento_futures_ohlcv_1d"));
    assertThat(job.chunk(), equalTo(new ChunkLimits(14, 2000)));
  }

  @Test
  void builtInHourlyJobWantsItsSymbolsOverAYear() {
    Job job = JobFile.read("hourly-futures");
    assertThat(job.symbols(), hasSize(33));
    assertThat(job.from(), equalTo(new JobTime.Back(Duration.ofDays(365))));
    assertThat(job.schema(), is("ohlcv-1h"));
  }

  @Test
  void everyNamedBuiltInJobIsThere() {
    for (String name : JobSource.BUILT_IN) {
      assertThat(JobFile.read(name).name(), is(name));
    }
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    Job job = parse(JOB);
    assertThat(job.table(), is("raw.databento_futures_ohlcv_1d"));
    assertThat(job.chunk(), equalTo(ChunkLimits.LARGE));
    assertThat(job.publishers(), hasSize(0));
    assertThat(job.primaryKey(), is(false));
  }

  @Test
  void everyKeyIsRead() {
    Job job =
        parse(
            JOB.replace("to: now", "to: 2010-06-07T12:00:00Z")
                + """
                table: raw.databento_futures_ohlcv_1d
                chunk: {symbols: 3, days: 31}
                publishers: [2, 1]
                primary_key: true
                """);
    assertThat(
        job.to(),
        equalTo(new JobTime.At(Times.nanos(LocalDate.of(2010, 6, 7)) + Times.DAY_NS / 2)));
    assertThat(job.chunk(), equalTo(new ChunkLimits(3, 31)));
    assertThat(job.publishers(), contains(1, 2));
    assertThat(job.primaryKey(), is(true));
  }

  @Test
  void oneChunkLimitAloneLeavesTheOtherLarge() {
    assertThat(
        parse(JOB + "chunk: {days: 31}\n").chunk(),
        equalTo(new ChunkLimits(ChunkLimits.LARGE.symbols(), 31)));
  }

  /** YAML 1.1 reads these as a number, a boolean, a float, a base-60 number, an octal number. */
  @Test
  void yamlsOwnTypesNeverTouchASymbol() {
    String text =
        JOB.replace("continuous", "raw_symbol")
            .replace(
                "[ZL.v.0, ZS.v.0]", "[6E, NO, 1E5, 12:30, 010, 1_000, 'null', yes, 2010-06-06]");
    assertThat(
        parse(text).symbols(),
        contains("6E", "NO", "1E5", "12:30", "010", "1_000", "null", "yes", "2010-06-06"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: mine       | naem: mine                    | mine.yaml line 1: unknown key naem; did you mean name? Keys: name, source, dataset, schema, stype_in, symbols, from, to, table, chunk, publishers, primary_key, snapshots, optional, parts
          name: mine       | name: a b                     | mine.yaml line 1: name is letters, digits, -, _ and ., not a b
          name: mine       | name: [a]                     | mine.yaml line 1: name must be one word or number
          name: mine       | name:                         | mine.yaml line 1: name has no value
          source: databento | source: databnto             | mine.yaml line 2: source is one of databento, fred, not databnto; did you mean databento?
          dataset: GLBX.MDP3 | dataset: glbx               | mine.yaml line 3: dataset is VENUE.FEED in capitals, like GLBX.MDP3, not glbx
          ohlcv-1d         | ohlcv-1hr                     | mine.yaml line 4: schema is one of ohlcv-1s, ohlcv-1m, ohlcv-1h, ohlcv-1d, definition, statistics, not ohlcv-1hr; did you mean ohlcv-1h?
          ohlcv-1d         | trades                        | mine.yaml line 4: schema is one of ohlcv-1s, ohlcv-1m, ohlcv-1h, ohlcv-1d, definition, statistics, not trades.
          continuous       | continous                     | mine.yaml line 5: stype_in is one of continuous, parent, raw_symbol, instrument_id, not continous; did you mean continuous?
          ZS.v.0           | ZS.x.0                        | mine.yaml line 6: symbols holds ZS.x.0: a continuous symbol is ROOT.rule.rank with rule c, n or v, like ZL.v.0
          ZS.v.0           | ZL.v.0                        | mine.yaml line 6: symbols names ZL.v.0 twice
          ZS.v.0           | {a: b}                        | mine.yaml line 6: an entry of symbols must be one word or number
          [ZL.v.0, ZS.v.0] | []                            | mine.yaml line 6: symbols is empty; name at least one
          [ZL.v.0, ZS.v.0] | ZL.v.0                        | mine.yaml line 6: symbols must be a list, like [ZL.v.0, ZS.v.0]
          [ZL.v.0, ZS.v.0] | {catalog: daily_cor, form: "{root}.v.0"} | mine.yaml line 6: symbols.catalog is one of daily_core, daily_missing, hourly_core, ice_softs, not daily_cor; did you mean daily_core?
          [ZL.v.0, ZS.v.0] | {catalog: daily_core, form: ZL.v.0} | mine.yaml line 6: symbols.form must hold {root}, like "{root}.v.0", not ZL.v.0
          [ZL.v.0, ZS.v.0] | {catalog: daily_core, form: "{root}.FUT"} | mine.yaml line 6: symbols.form gives ZL.FUT: a continuous symbol is ROOT.rule.rank with rule c, n or v, like ZL.v.0
          [ZL.v.0, ZS.v.0] | {catalog: daily_core}         | mine.yaml: the key symbols.form is missing
          [ZL.v.0, ZS.v.0] | {catlog: daily_core}          | mine.yaml line 6: unknown key symbols.catlog; did you mean catalog? Keys: catalog, form, resolves
          2010-06-06       | 2010-13-06                    | mine.yaml line 7: from is not a time: 2010-13-06. Allowed: a date 2010-06-06, a UTC time 2010-06-06T12:00:00Z, now, or days back like -365d
          2010-06-06       | now                           | mine.yaml: from cannot be now: nothing would be wanted
          to: now          | to: -3d                       | mine.yaml: to cannot be counted back, because from is counted back from it
          to: now          | to: 2010-06-06                | mine.yaml: from 2010-06-06 is not before to 2010-06-06; from is inclusive, to is exclusive
          to: now          | to: 2009-01-01                | mine.yaml: from 2010-06-06 is not before to 2009-01-01; from is inclusive, to is exclusive
          to: now          | form: now                     | mine.yaml line 8: unknown key form; did you mean from? Keys: name, source, dataset, schema, stype_in, symbols, from, to, table, chunk, publishers, primary_key, snapshots, optional, parts
          to: now          | from: 2011-01-01              | mine.yaml line 8: from stands there twice
          """)
  void aWrongLineIsNamed(String line, String wrong, String message) {
    assertThat(failure(JOB.replace(line, wrong)), is(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          table: raw.databento_futures_ohlcv_1x | mine.yaml line 9: table is one of raw.databento_futures_ohlcv_1s, raw.databento_futures_ohlcv_1m, raw.databento_futures_ohlcv_1h, raw.databento_futures_ohlcv_1d, raw.databento_options_ohlcv_1d, reference.databento_definitions, raw.databento_statistics, not raw.databento_futures_ohlcv_1x; did you mean raw.databento_futures_ohlcv_1s?
          table: ops.coverage                   | mine.yaml line 9: table is one of raw.databento_futures_ohlcv_1s, raw.databento_futures_ohlcv_1m, raw.databento_futures_ohlcv_1h, raw.databento_futures_ohlcv_1d, raw.databento_options_ohlcv_1d, reference.databento_definitions, raw.databento_statistics, not ops.coverage.
          table: raw.databento_futures_ohlcv_1h | mine.yaml line 9: table holds another bar size than ohlcv-1d: raw.databento_futures_ohlcv_1h
          chunk: 3                              | mine.yaml line 9: chunk must be a mapping with symbols, days
          chunk: {days: many}                   | mine.yaml line 9: chunk.days must be a whole number, not many
          chunk: {days: 0}                      | mine.yaml line 9: chunk is out of range: symbols is 1 to 2000, days is 1 or more
          chunk: {symbols: 2001}                | mine.yaml line 9: chunk is out of range: symbols is 1 to 2000, days is 1 or more
          chunk: {day: 3}                       | mine.yaml line 9: unknown key chunk.day; did you mean days? Keys: symbols, days
          publishers: 1                         | mine.yaml line 9: publishers must be a list, like [1, 2]
          publishers: [GLBX]                    | mine.yaml line 9: publishers are numbers from 0 to 65535, not GLBX
          publishers: [70000]                   | mine.yaml line 9: publishers are numbers from 0 to 65535, not 70000
          publishers: [1, 1]                    | mine.yaml line 9: publishers names 1 twice
          primary_key: yes                      | mine.yaml line 9: primary_key must be true or false, not yes
          """)
  void aWrongLineMoreIsNamed(String line, String message) {
    assertThat(failure(JOB + line + "\n"), is(message));
  }

  @ParameterizedTest
  @CsvSource({"name", "source", "dataset", "schema", "stype_in", "symbols", "from", "to"})
  void aMissingKeyIsNamed(String key) {
    String text = JOB.replaceAll("(?m)^" + key + ":.*\n", "");
    assertThat(failure(text), is("mine.yaml: the key " + key + " is missing"));
  }

  @Test
  void textThatIsNoMappingIsRefused() {
    assertThat(
        failure("- a\n"), is("mine.yaml: not a job: it must hold lines of the form key: value"));
    assertThat(failure(""), is("mine.yaml: not a job: it must hold lines of the form key: value"));
    assertThat(failure("name: [a\n"), containsString("mine.yaml line 2: not YAML: "));
  }

  @Test
  void unknownJobListsTheBuiltInOnesNearestFirst() {
    assertThat(
        assertThrows(UsageException.class, () -> JobFile.read("hourly")).getMessage(),
        is(
            "Unknown job hourly. Built-in jobs: fred, hourly-futures, hourly-history, ice-softs,"
                + " options-daily, settlements, daily-futures, missing-daily; or give the path of"
                + " a YAML file, like jobs/mine.yaml"));
  }

  @Test
  void missingFileIsNamed() {
    Path file = folder.resolve("no.yaml");
    assertThat(
        assertThrows(UsageException.class, () -> JobFile.read(file.toString())).getMessage(),
        containsString("There is no job file " + file + ". Built-in jobs: "));
  }

  @Test
  void aFileIsReadByItsPath() throws Exception {
    Path file = Files.writeString(folder.resolve("mine.yaml"), JOB);
    assertThat(JobFile.read(file.toString()).name(), is("mine"));
  }

  @Test
  void symbolsOverrideTakesRootsAndRequestedSymbolsOnce() {
    Job job = JobFile.read("daily-futures", symbols("ZL", "NG.c.1", "ZL.v.0", "XYZ"));
    assertThat(job.symbols(), contains("ZL.v.0", "NG.c.1", "XYZ.v.0"));
  }

  @Test
  void rootsTakeTheFormThatAllListedSymbolsHave() {
    String parents = JOB.replace("continuous", "parent").replace("[ZL.v.0, ZS.v.0]", "[ZL.FUT]");
    assertThat(JobFile.parse("p", parents, symbols("CL")).symbols(), contains("CL.FUT"));
  }

  @Test
  void rootsSayNothingWhereTheListedFormsDiffer() {
    String mixed = JOB.replace("ZS.v.0", "ZS.c.1");
    assertThat(
        failure(() -> JobFile.parse("m", mixed, symbols("CL"))),
        is(
            "--symbols: \"CL\" cannot be asked for: a continuous symbol is ROOT.rule.rank with"
                + " rule c, n or v, like ZL.v.0"));
  }

  @ParameterizedTest
  @CsvSource({"zl", "ZL.v", "ZL v.0", "''", "ZL.FUT"})
  void illFormedSymbolIsRefused(String symbol) {
    assertThat(
        failure(() -> JobFile.read("daily-futures", symbols(symbol))),
        is(
            "--symbols: \""
                + symbol
                + "\" cannot be asked for: a continuous symbol is ROOT.rule.rank with rule c, n or"
                + " v, like ZL.v.0, or a root of capitals and digits, like ZL, for {root}.v.0"));
  }

  @Test
  void rangeOverrideReplacesTheJobsAndIsChecked() {
    Overrides range =
        new Overrides(Optional.of(at("2020-01-01")), Optional.of(at("2021-01-01")), List.of());
    Job job = JobFile.read("daily-futures", range);
    assertThat(List.of(job.from(), job.to()), contains(at("2020-01-01"), at("2021-01-01")));
    Overrides empty = new Overrides(Optional.empty(), Optional.of(at("2001-01-01")), List.of());
    assertThat(
        failure(() -> JobFile.read("daily-futures", empty)),
        is(
            "--from and --to with job daily-futures: from 2010-06-06 is not before to 2001-01-01;"
                + " from is inclusive, to is exclusive"));
  }

  private static JobTime at(String date) {
    return new JobTime.At(Times.nanos(LocalDate.parse(date)));
  }

  private static Overrides symbols(String... symbols) {
    return new Overrides(Optional.empty(), Optional.empty(), List.of(symbols));
  }

  private static Job parse(String text) {
    return JobFile.parse("mine.yaml", text, Overrides.NONE);
  }

  private static String failure(String text) {
    return failure(() -> parse(text));
  }

  private static String failure(org.junit.jupiter.api.function.Executable executable) {
    return assertThrows(UsageException.class, executable).getMessage();
  }
}
