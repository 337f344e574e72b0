package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Job;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobPartsTest {
  private static final String JOB =
      """
      name: mine
      source: databento
      dataset: GLBX.MDP3
      stype_in: parent
      symbols: [OZL.OPT, OZS.OPT]
      from: 2024-01-01
      to: now
      parts:
        - {name: definition, schema: definition, snapshots: 30d}
        - {name: weeklies, schema: ohlcv-1d, symbols: [EW.OPT], publishers: [1], optional: true}
        - {schema: ohlcv-1d, table: raw.databento_options_ohlcv_1d}
      """;

  private static List<Job> parts(String text, String... symbols) {
    return JobFile.parseAll(
        "mine.yaml", text, new Overrides(Optional.empty(), Optional.empty(), List.of(symbols)));
  }

  private static List<String> narrowed(String... symbols) {
    return parts(JOB, symbols).stream().map(job -> job.name() + " " + job.symbols()).toList();
  }

  @Test
  void eachPartSaysOnlyWhatIsDifferent() {
    List<Job> parts = parts(JOB);
    assertThat(
        parts.stream().map(Job::name).toList(),
        contains("mine/definition", "mine/weeklies", "mine"));
    assertThat(parts.get(0).table(), is("reference.databento_definitions"));
    assertThat(parts.get(0).snapshotDays(), is(30));
    assertThat(parts.get(0).symbols(), contains("OZL.OPT", "OZS.OPT"));
    assertThat(parts.get(1).symbols(), contains("EW.OPT"));
    assertThat(parts.get(1).optional(), is(true));
    assertThat(parts.get(1).publishers(), contains(1));
    assertThat(parts.get(2).table(), is("raw.databento_options_ohlcv_1d"));
    assertThat(parts.get(2).snapshotDays(), is(0));
    assertThat(parts.get(2).optional(), is(false));
  }

  @Test
  void theMainPartIsWhatReadGives() {
    assertThat(JobFile.parse("mine.yaml", JOB, Overrides.NONE).name(), is("mine"));
    assertThat(JobFile.read("options-daily").schema(), is("ohlcv-1d"));
  }

  @Test
  void symbolsNarrowEachPartToWhatItHasOfThem() {
    assertThat(narrowed("OZL"), contains("mine/definition [OZL.OPT]", "mine [OZL.OPT]"));
    assertThat("the future's root", narrowed("ZS"), equalTo(narrowed("OZS.OPT")));
    assertThat(narrowed("EW"), contains("mine/weeklies [EW.OPT]"));
    assertThat(
        "no part has it, and every part can ask for it",
        narrowed("OZM.OPT"),
        contains("mine/definition [OZM.OPT]", "mine/weeklies [OZM.OPT]", "mine [OZM.OPT]"));
  }

  @Test
  void aSymbolOfAnotherDatasetGoesOnlyToThePartOfThatDataset() {
    List<Job> parts =
        JobFile.readAll(
            "missing-daily", new Overrides(Optional.empty(), Optional.empty(), List.of("VX")));
    assertThat(
        parts.stream().map(job -> job.name() + " " + job.symbols()).toList(),
        contains("missing-daily/vix [VX.v.0]"));
    List<Job> known =
        JobFile.readAll(
            "missing-daily", new Overrides(Optional.empty(), Optional.empty(), List.of("ZL")));
    assertThat(
        known.stream().map(job -> job.name() + " " + job.dataset() + job.symbols()).toList(),
        contains("missing-daily GLBX.MDP3[ZL.v.0]"));
  }

  @Test
  void aSymbolThatNoPartCanAskForIsNamed() {
    UsageException wrong = assertThrows(UsageException.class, () -> parts(JOB, "ZL.v.0"));
    assertThat(wrong.getMessage(), containsString("\"ZL.v.0\" cannot be asked for"));
  }

  @Test
  void whatIsForFredAloneIsRefused() {
    Overrides groups =
        new Overrides(Optional.empty(), Optional.empty(), List.of(), List.of("all"), false);
    UsageException wrong =
        assertThrows(UsageException.class, () -> JobFile.readAll("options-daily", groups));
    assertThat(wrong.getMessage(), containsString("--groups and --vintages are for jobs of FRED"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "snapshots: 30d  | snapshots: 30   | parts.snapshots are single days so many days apart",
        "snapshots: 30d  | snapshots: 0d   | are single days so many days apart, like 30d, not 0d",
        "name: weeklies  | name: definition | parts.name is that of another part too: definition",
        "name: weeklies  | name: A/B       | parts.name is small letters, digits and -, not A/B",
        "name: weeklies, | optional: true, | optional stands there twice",
        "schema: definition | schma: definition | unknown key parts.schma; did you mean schema?",
        "{schema: ohlcv-1d, | {name: x, schema: ohlcv-1d, | is not for the last part",
        "'{schema: ohlcv-1d, table: raw.databento_options_ohlcv_1d}' | '{schema: statistics, table: raw.databento_options_ohlcv_1d}' | holds no rows of statistics: raw.databento_options_ohlcv_1d; they go to raw.databento_statistics",
      })
  void aWrongPartIsNamed(String text, String wrong, String message) {
    UsageException e =
        assertThrows(UsageException.class, () -> parts(JOB.replace(text.strip(), wrong.strip())));
    assertThat(e.getMessage(), containsString("mine.yaml line "));
    assertThat(
        e.getMessage(), containsString(message.strip().replaceFirst("^parts\\.snap", "snap")));
  }

  @Test
  void theBuiltInJobsHaveTheSymbolsOfTheCatalogue() {
    List<Job> missing = JobFile.readAll("missing-daily", Overrides.NONE);
    assertThat(missing.get(0).symbols(), contains("VX.v.0", "VXM.v.0"));
    assertThat(missing.get(1).symbols().size(), is(29));
    List<Job> softs = JobFile.readAll("ice-softs", Overrides.NONE);
    assertThat(softs.get(0).symbols(), contains("DX.FUT"));
    assertThat(softs.get(1).symbols(), contains("KC.v.0", "SB.v.0", "CC.v.0", "CT.v.0", "OJ.v.0"));
    assertThat(softs.get(1).publishers(), contains(97));
    assertThat(JobFile.read("hourly-history").symbols().size(), is(33));
    assertThat(JobFile.read("settlements").symbols().size(), is(56));
    assertThat(JobFile.readAll("options-daily", Overrides.NONE).size(), is(3));
  }
}
