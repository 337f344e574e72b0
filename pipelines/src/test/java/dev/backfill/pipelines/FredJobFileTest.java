package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FredJobFileTest {
  private static Job parse(String... lines) {
    return JobFile.parse(
        "mine.yaml", "name: mine\nsource: fred\n" + String.join("\n", lines), Overrides.NONE);
  }

  @Test
  void builtInJobWantsEverySeriesOfTheCatalogueWhole() {
    Job job = JobFile.read("fred");
    assertThat(job.symbols(), hasSize(305));
    assertThat(job.dataset(), is("FRED"));
    assertThat(job.schema(), is("observations"));
    assertThat(job.stypeIn(), is("series_id"));
    assertThat(job.table(), is("raw.fred_economic"));
    assertThat(job.from(), equalTo(new JobTime.At(Fred.WHOLE.startNs())));
    assertThat(job.to(), equalTo(new JobTime.At(Fred.WHOLE.endNs())));
    assertThat(job.primaryKey(), is(true));
  }

  @Test
  void aJobMayListItsOwnIdsOrNameGroups() {
    assertThat(parse("symbols: [DGS10, MY_OWN2, DGS10]").symbols(), contains("DGS10", "MY_OWN2"));
    assertThat(
        parse("symbols: {catalog: fred, groups: [volatility, equity_indices]}").symbols(),
        hasSize(13));
  }

  @Test
  void aJobMayBeOfVintages() {
    Job job = parse("symbols: [GDP]", "schema: vintages");
    assertThat(job.schema(), is("vintages"));
    assertThat(job.table(), is("raw.fred_vintages"));
    assertThat(job.name(), is("mine"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from: 2020-01-01       | mine.yaml line 4: from is not for source fred",
        "chunk: {days: 3}       | mine.yaml line 4: chunk is not for source fred",
        "schema: ohlcv-1d       | mine.yaml line 4: schema is one of observations, vintages for source",
        "dataset: GLBX.MDP3     | mine.yaml line 4: dataset is FRED for source fred, not GLBX.MDP3",
        "table: raw.mine        | mine.yaml line 4: table is raw.fred_economic for observations, not raw",
        "stype_in: continuous   | mine.yaml line 4: stype_in is series_id for source fred",
      })
  void whatIsNotOfFredIsRefused(String line, String sentence) {
    UsageException refused =
        assertThrows(UsageException.class, () -> parse("symbols: [GDP]", line));
    assertThat(refused.getMessage(), startsWith(sentence));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "symbols: [gdp]             | symbols: \"gdp\" cannot be asked for: a FRED series id is",
        "symbols: {catalog: core}   | mine.yaml line 3: symbols.catalog is fred for source fred, not core",
        "symbols: {catalog: fred, groups: [rates]} | symbols: groups: there is no group \"rates\"",
      })
  void seriesThatCannotBeAreRefused(String line, String sentence) {
    UsageException refused = assertThrows(UsageException.class, () -> parse(line));
    assertThat(refused.getMessage(), startsWith(sentence));
  }
}
