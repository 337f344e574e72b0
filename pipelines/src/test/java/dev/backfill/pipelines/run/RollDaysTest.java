package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.io.duckdb.RollRow;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** For which days a contract is looked up that a continuous symbol has left. */
class RollDaysTest {
  private static final Interval EVER = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);

  private static Coverage days(String from, String to) {
    return Coverage.of(
        new Interval(Times.nanos(LocalDate.parse(from)), Times.nanos(LocalDate.parse(to))));
  }

  /** Each as a contract, and its first day; the last one says where it ends. */
  private static List<RollRow> rows(String... stretches) {
    List<RollRow> rows = new ArrayList<>();
    for (int i = 0; i + 3 < stretches.length; i += 2) {
      String contract = stretches[i].equals("?") ? null : stretches[i];
      rows.add(
          new RollRow(
              "CL.v.0",
              LocalDate.parse(stretches[i + 1]),
              LocalDate.parse(stretches[i + 3]),
              stretches[i].hashCode(),
              contract));
    }
    return rows;
  }

  private static Map<String, Coverage> of(List<RollRow> rows, Coverage covered, Interval range) {
    return RollDays.of(Map.of("CL.v.0", rows), Map.of("CL.v.0", covered), List.of("CL.v.0"), range);
  }

  private static Map<String, Coverage> of(String... stretches) {
    return of(rows(stretches), days("2025-01-01", "2026-01-01"), EVER);
  }

  @Test
  void theyReachToTheSecondWeekday() {
    // A Tuesday, a Friday, a Sunday.
    assertThat(
        of("CLN5", "2025-06-01", "CLQ5", "2025-06-17", "-", "2025-07-01"),
        equalTo(Map.of("CLN5", days("2025-06-17", "2025-06-19"))));
    assertThat(
        of("CLN5", "2025-06-01", "CLQ5", "2025-06-20", "-", "2025-07-01"),
        equalTo(Map.of("CLN5", days("2025-06-20", "2025-06-24"))));
    assertThat(
        of("CLN5", "2025-06-01", "CLQ5", "2025-06-22", "-", "2025-07-01"),
        equalTo(Map.of("CLN5", days("2025-06-22", "2025-06-25"))));
  }

  @Test
  void theDaysOnWhichTheSymbolIsBackAreItsOwn() {
    assertThat(
        of("SR3H6", "2025-06-02", "SR3M6", "2025-06-17", "SR3H6", "2025-06-18", "-", "2025-07-01"),
        equalTo(
            Map.of(
                "SR3H6", days("2025-06-17", "2025-06-18"),
                "SR3M6", days("2025-06-18", "2025-06-20"))));
  }

  @Test
  void aContractWithoutANameOrARollIsNotLookedUp() {
    assertThat(of("?", "2025-06-01", "CLQ5", "2025-06-17", "-", "2025-07-01"), equalTo(Map.of()));
    assertThat(
        of("CLN5", "2025-06-01", "CLN5", "2025-06-17", "-", "2025-07-01"), equalTo(Map.of()));
  }

  @Test
  void onlyRollsBetweenCoveredDaysCount() {
    List<RollRow> rows = rows("CLN5", "2025-06-01", "CLQ5", "2025-06-17", "-", "2025-07-01");
    assertThat(of(rows, days("2025-06-17", "2025-07-01"), EVER), equalTo(Map.of()));
    assertThat(of(rows, days("2025-06-01", "2025-06-17"), EVER), equalTo(Map.of()));
    assertThat(
        of(rows, days("2025-06-16", "2025-06-18"), EVER),
        equalTo(Map.of("CLN5", days("2025-06-17", "2025-06-18"))));
    Interval range = days("2025-06-18", "2025-07-01").intervals().get(0);
    assertThat(
        of(rows, days("2025-06-01", "2025-07-01"), range),
        equalTo(Map.of("CLN5", days("2025-06-18", "2025-06-19"))));
  }
}
