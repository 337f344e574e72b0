package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The command that fills what is missing buys nothing else. */
class FillingCommandTest {
  private static final Optional<Interval> JUNE =
      Optional.of(
          new Interval(
              Times.nanos(LocalDate.of(2025, 6, 1)), Times.nanos(LocalDate.of(2025, 7, 1))));

  private static FillingCommand command(String job, Overrides narrowed) {
    List<Job> parts = JobFile.readAll(job, narrowed);
    return new FillingCommand(parts.get(parts.size() - 1), narrowed, "my.duckdb");
  }

  private static Overrides symbols(String... symbols) {
    return new Overrides(Optional.empty(), Optional.empty(), List.of(symbols));
  }

  @Test
  void whatWasNarrowedToSomeSymbolsNamesThem() {
    FillingCommand narrowed = command("settlements", symbols("CL", "ZL"));
    assertThat(
        narrowed.text(narrowed.job().symbols(), true, JUNE),
        equalTo(
            "backfill run settlements --db my.duckdb --symbols CL.v.0,ZL.v.0 --from 2025-06-01 --to"
                + " 2025-07-01"));
    FillingCommand whole = command("settlements", Overrides.NONE);
    assertThat(
        whole.text(whole.job().symbols(), true, Optional.empty()),
        equalTo("backfill run settlements --db my.duckdb"));
  }

  @Test
  void manySymbolsAreNamedWhereTheRestIsNotThere() {
    FillingCommand whole = command("settlements", Overrides.NONE);
    List<String> many = whole.job().symbols().subList(0, 20);
    assertThat(whole.text(many, true, JUNE), not(containsString("--symbols")));
    assertThat(whole.text(many, false, JUNE), containsString(String.join(",", many)));
  }

  @Test
  void aRangeThatWasNarrowedStaysSo() {
    FillingCommand year =
        command(
            "settlements",
            new Overrides(
                Optional.of(JobTime.parse("-365d")),
                Optional.of(JobTime.parse("2025-06-01T12:00:00Z")),
                List.of("CL", "ZL")));
    assertThat(
        year.text(List.of("ZL.v.0"), true, Optional.empty()),
        endsWith(" --symbols ZL.v.0 --from -365d --to 2025-06-01T12:00:00Z"));
  }

  @Test
  void ofFredNoRangeIsNamedAndVintagesAre() {
    FillingCommand group =
        command(
            "fred",
            new Overrides(
                Optional.empty(), Optional.empty(), List.of(), List.of("volatility"), true));
    assertThat(
        group.text(List.of("VIXCLS"), true, JUNE),
        equalTo("backfill run fred --db my.duckdb --symbols VIXCLS --vintages"));
  }
}
