package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.Splits;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is said at the end of a run. */
class SummaryReportTest {
  private static SummaryReport report(double waited) {
    Interval wanted =
        new Interval(
            Times.nanos(LocalDate.parse("2024-01-01")), Times.nanos(LocalDate.parse("2024-02-01")));
    return new SummaryReport(
        new RunSummary(
            "grains",
            "databento",
            "raw.bars",
            "run-1",
            Optional.of(wanted),
            1,
            2.5,
            waited,
            1,
            0,
            1,
            0,
            0,
            27,
            OptionalLong.empty(),
            0,
            1,
            100,
            1_512,
            0.01,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Splits.NONE,
            0,
            List.of()));
  }

  @Test
  void theTimeThatAnotherProcessTookIsToldApart() {
    assertThat(
        report(61.25).text(),
        containsString(
            "written to raw.bars in 2.5 s after waiting 61.3 s for another process, from 2024"));
    assertThat(report(61.25).json().path("seconds").asDouble(), is(2.5));
    assertThat(report(61.25).json().path("waited_seconds").asDouble(), is(61.25));
    assertThat(report(0.01).text(), containsString("in 2.5 s, from 2024-01-01 to 2024-02-01"));
    assertThat(report(0.01).text(), not(containsString("waiting")));
  }
}
