package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private static Job job(String from, String to, int days) {
    return new Job(
        "options",
        "databento",
        "GLBX.MDP3",
        "definition",
        "parent",
        List.of("OZL.OPT", "OZS.OPT"),
        JobTime.parse(from),
        JobTime.parse(to),
        "reference.databento_definitions",
        Job.ChunkLimits.LARGE,
        List.of(),
        false,
        days,
        false);
  }

  private static long ns(String day) {
    return Times.nanos(LocalDate.parse(day));
  }

  private static Interval days(String from, String to) {
    return new Interval(ns(from), ns(to));
  }

  private static List<String> wanted(Job job, Interval range) {
    return Snapshots.wantedOf(job, range).get("OZL.OPT").cut(Times.DAY_NS).stream()
        .map(day -> Times.date(day.startNs()).toString())
        .toList();
  }

  @Test
  void theFirstDayAndFixedDatesAreWanted() {
    // 2024-01-18 is day 19740 since 1970, and 2024-02-17 a Saturday.
    assertThat(
        wanted(job("2024-01-01", "now", 30), days("2024-01-01", "2024-03-02")),
        contains("2024-01-01", "2024-01-18", "2024-02-16"));
  }

  @Test
  void theLastDayIsWantedWhereTheJobNamesItsEnd() {
    Interval range = days("2024-01-01", "2024-03-02");
    assertThat(
        wanted(job("2024-01-01", "2024-03-02", 30), range),
        contains("2024-01-01", "2024-01-18", "2024-02-16", "2024-03-01"));
    assertThat(
        "what there is ends before",
        wanted(job("2024-01-01", "2025-01-01", 30), range),
        contains("2024-01-01", "2024-01-18", "2024-02-16"));
  }

  @Test
  void theNewestDayIsWantedWhereNoFixedDateIs() {
    assertThat(
        wanted(job("2024-01-19", "now", 30), days("2024-01-19", "2024-02-08")),
        contains("2024-01-19", "2024-02-07"));
  }

  @Test
  void aLaterRunWantsTheSameDaysAndNewFixedDates() {
    Job job = job("2024-01-01", "now", 30);
    List<String> later = wanted(job, days("2024-01-01", "2024-04-09"));
    assertThat(later, contains("2024-01-01", "2024-01-18", "2024-02-16", "2024-03-18"));
    assertThat(wanted(job, days("2024-01-01", "2024-04-10")), equalTo(later));
  }

  @Test
  void aRangeThatMovesOnBeginsOnAFixedDate() {
    Job job = job("-60d", "now", 30);
    Interval available = days("2010-06-06", "2024-04-01");
    Interval range = WantedRange.of(job, available).range();
    assertThat(range, equalTo(days("2024-01-18", "2024-04-01")));
    Interval tomorrow = WantedRange.of(job, days("2010-06-06", "2024-04-02")).range();
    assertThat(wanted(job, tomorrow), contains("2024-01-18", "2024-02-16", "2024-03-18"));
  }

  @Test
  void aSingleDayIsWantedOnce() {
    assertThat(
        wanted(job("2024-01-18", "2024-01-19", 30), days("2024-01-18", "2024-01-19")),
        contains("2024-01-18"));
  }

  @Test
  void withoutSnapshotsTheWholeRangeIsWanted() {
    Job job = job("2024-01-01", "now", 0);
    assertThat(Snapshots.wantedOf(job, days("2024-01-01", "2024-02-01")), equalTo(Map.of()));
    assertThat(Snapshots.wantedOf(job("2024-01-01", "now", 30), null), equalTo(Map.of()));
  }

  @Test
  void eachParentAndDayIsAChunkAndWhatIsThereIsNotAskedAgain() {
    Job job = job("2024-01-01", "now", 30);
    Interval range = days("2024-01-01", "2024-02-01");
    PlanInput input =
        PlanInput.of(
                range, Map.of("OZL.OPT", Coverage.of(days("2024-01-18", "2024-01-19"))), List.of())
            .withWantedOf(Snapshots.wantedOf(job, range));
    assertThat(
        new ChunkPlanner(job, 4).plan(input).toAsk().stream().map(SnapshotsTest::text).toList(),
        containsInAnyOrder("OZL.OPT 2024-01-01", "OZS.OPT 2024-01-01", "OZS.OPT 2024-01-18"));
  }

  private static String text(Chunk chunk) {
    return String.join(",", chunk.getSymbols()) + " " + Times.date(chunk.getStartNs());
  }
}
