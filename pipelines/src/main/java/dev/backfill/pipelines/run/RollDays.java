package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.RollRow;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The UTC days after each roll on which the venue still publishes figures of the last trading date
 * of the contract that was left: the final settlement of the night, open interest and cleared
 * volume of the next trading date's morning. A continuous symbol stands for another contract by
 * then.
 */
final class RollDays {
  /** The next trading date is one of these, also after a holiday. */
  private static final int WEEKDAYS = 2;

  private RollDays() {}

  /**
   * The days, by contract.
   *
   * @param rolls what each continuous symbol stood for, in order of days
   * @param covered whose rolls count: those between two days that are covered; and no more days
   *     than are covered, so that nobody is asked for what is not there yet
   * @param symbols only theirs
   * @param range only within it
   */
  static Map<String, Coverage> of(
      Map<String, List<RollRow>> rolls,
      Map<String, Coverage> covered,
      List<String> symbols,
      Interval range) {
    Map<String, Coverage> wanted = new TreeMap<>();
    for (String symbol : symbols) {
      List<RollRow> rows = rolls.getOrDefault(symbol, List.of());
      Coverage there = covered.getOrDefault(symbol, Coverage.NONE);
      for (int i = 0; i + 1 < rows.size(); i++) {
        RollRow left = rows.get(i);
        String contract = left.contract();
        if (contract != null
            && !contract.equals(rows.get(i + 1).contract())
            && there.covers(day(left.end().minusDays(1)))) {
          Coverage days =
              after(left.end()).intersect(there).intersect(Coverage.of(range)).minus(own(rows, i));
          if (!days.isEmpty()) {
            wanted.merge(contract, days, Coverage::union);
          }
        }
      }
    }
    return wanted;
  }

  private static Coverage day(LocalDate day) {
    return Coverage.of(new Interval(Times.nanos(day), Times.nanos(day.plusDays(1))));
  }

  private static Coverage after(LocalDate roll) {
    LocalDate end = roll;
    for (int weekdays = 0; weekdays < WEEKDAYS; end = end.plusDays(1)) {
      boolean isWeekend =
          end.getDayOfWeek() == DayOfWeek.SATURDAY || end.getDayOfWeek() == DayOfWeek.SUNDAY;
      weekdays += isWeekend ? 0 : 1;
    }
    return Coverage.of(new Interval(Times.nanos(roll), Times.nanos(end)));
  }

  /** The days on which the symbol soon stands for the contract again: they are the symbol's. */
  private static Coverage own(List<RollRow> rows, int at) {
    Coverage own = Coverage.NONE;
    LocalDate end = rows.get(at).end().plusDays(7);
    for (int i = at + 1; i < rows.size() && rows.get(i).start().isBefore(end); i++) {
      RollRow row = rows.get(i);
      if (rows.get(at).instrumentId() == row.instrumentId()) {
        own =
            own.union(Coverage.of(new Interval(Times.nanos(row.start()), Times.nanos(row.end()))));
      }
    }
    return own;
  }
}
