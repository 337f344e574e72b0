package dev.backfill.emulator.market;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The quality of each day's data, the same in every seed. */
public final class Conditions {
  private static final double DEGRADED = 0.006;

  /** Days of which nothing was recorded: eleven Sundays and seven weekdays of the early years. */
  private static final Set<Integer> MISSING =
      Arrays.stream(
              ("2010-07-11 2010-08-22 2010-10-10 2010-11-17 2011-01-23 2011-03-13 2011-05-05"
                      + " 2011-06-26 2011-09-18 2011-10-19 2011-12-11 2012-02-12 2012-04-10"
                      + " 2012-07-22 2012-08-30 2012-11-25 2013-08-22 2015-11-20")
                  .split(" "))
          .map(d -> (int) LocalDate.parse(d).toEpochDay())
          .collect(Collectors.toUnmodifiableSet());

  private Conditions() {}

  /** Whether nothing was recorded on a UTC day (days since 1970). */
  static boolean isMissing(int epochDay) {
    return MISSING.contains(epochDay);
  }

  /** The condition of a day that has been processed: available, degraded or missing. */
  public static String of(Dataset dataset, LocalDate day) {
    if (isMissing((int) day.toEpochDay())) {
      return "missing";
    }
    return isDegraded(dataset, day) ? "degraded" : "available";
  }

  private static boolean isDegraded(Dataset dataset, LocalDate day) {
    return day.getDayOfWeek() != DayOfWeek.SATURDAY
        && !isMissing((int) day.toEpochDay())
        && Hash.unit(Hash.of(Hash.of(0, dataset.code()), day.toEpochDay())) < DEGRADED;
  }

  /** The degraded days in [start, end). */
  public static List<LocalDate> degraded(Dataset dataset, LocalDate start, LocalDate end) {
    TreeSet<LocalDate> days = new TreeSet<>();
    for (LocalDate day = start; day.isBefore(end); day = day.plusDays(1)) {
      if (isDegraded(dataset, day)) {
        days.add(day);
      }
    }
    return List.copyOf(days);
  }
}
