package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job wants is clamped to what the service has, and to whole bars. */
class WantedRangeTest {
  private static final Interval AVAILABLE =
      Interval.of(Instant.parse("2010-06-06T00:00:00Z"), Instant.parse("2025-12-15T23:40:00Z"));

  private static WantedRange range(String schema, String from, String to) {
    Job job =
        new Job(
            "test",
            "databento",
            "GLBX.MDP3",
            schema,
            "continuous",
            List.of("ZL.v.0"),
            JobTime.parse(from),
            JobTime.parse(to),
            "raw.databento_futures_ohlcv_1d",
            Job.ChunkLimits.LARGE,
            List.of(),
            false);
    return WantedRange.of(job, AVAILABLE);
  }

  private static Interval between(String start, String end) {
    return new Interval(Times.nanos(Instant.parse(start)), Times.nanos(Instant.parse(end)));
  }

  @Test
  void nowIsTheEndOfTheNewestWholeBar() {
    assertThat(
        range("ohlcv-1d", "2010-06-06", "now").range(),
        equalTo(between("2010-06-06T00:00:00Z", "2025-12-15T00:00:00Z")));
    assertThat(
        range("ohlcv-1h", "2025-12-01", "now").range(),
        equalTo(between("2025-12-01T00:00:00Z", "2025-12-15T23:00:00Z")));
    assertThat(
        range("ohlcv-1m", "2025-12-01", "now").range(),
        equalTo(between("2025-12-01T00:00:00Z", "2025-12-15T23:40:00Z")));
  }

  @Test
  void daysBackCountFromTheClampedEnd() {
    WantedRange wanted = range("ohlcv-1h", "-30d", "2030-01-01");
    assertThat(wanted.range(), equalTo(between("2025-11-15T23:00:00Z", "2025-12-15T23:00:00Z")));
    assertThat(
        wanted.notes(),
        contains("until 2030-01-01 was asked; ohlcv-1h is available until 2025-12-15T23:00:00Z"));
  }

  @Test
  void aStartBeforeTheDatasetIsClampedAndSaid() {
    WantedRange wanted = range("ohlcv-1d", "2000-01-01", "2011-01-01");
    assertThat(wanted.range(), equalTo(between("2010-06-06T00:00:00Z", "2011-01-01T00:00:00Z")));
    assertThat(
        wanted.notes(),
        contains("from 2000-01-01 was asked; GLBX.MDP3 ohlcv-1d begins on 2010-06-06"));
  }

  @Test
  void minutesAreAskedOnTheEdgesOnWhichCountsAreExact() {
    assertThat(
        range("ohlcv-1m", "2025-12-01T10:07:00", "2025-12-01T10:58:30").range(),
        equalTo(between("2025-12-01T10:00:00Z", "2025-12-01T10:50:00Z")));
  }

  @Test
  void aRangeTheServiceHasNothingOfIsNone() {
    WantedRange wanted = range("ohlcv-1d", "2026-01-01", "2026-02-01");
    assertThat(wanted.range(), is(nullValue()));
    assertThat(range("ohlcv-1d", "2010-06-06", "2010-06-08").notes(), is(empty()));
  }
}
