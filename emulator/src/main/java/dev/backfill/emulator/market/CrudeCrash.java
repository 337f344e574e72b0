package dev.backfill.emulator.market;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** 2020-04-20: the day on which the May contract of crude oil traded below zero. */
final class CrudeCrash {
  private static final int DAY = (int) LocalDate.of(2020, 4, 20).toEpochDay();
  private static final int PANIC_HOUR = 18;
  private static final int LOWEST_TICKS = -4032;

  /** The price at each UTC hour of the day, and at its end. */
  private static final double[] LEVELS = {
    17.73, 17.20, 16.95, 16.40, 15.90, 15.35, 15.02, 14.80, 14.40, 14.02, 13.60, 13.10, 12.45,
    11.80, 11.05, 10.12, 5.60, 2.35, 0.55, -37.63, -13.10, -9.85, -14.22, -21.40, -37.63
  };

  private CrudeCrash() {}

  /** The prices of that contract on that day; null on any other. */
  static double @Nullable [] levels(Contract contract, int epochDay) {
    boolean wtiMay2020 =
        epochDay == DAY
            && contract.product().root().equals("CL")
            && contract.month().equals(java.time.YearMonth.of(2020, 5));
    return wtiMay2020 ? LEVELS : null;
  }

  /** The low of an hour in ticks: the record low in the hour of the panic. */
  static int low(long seconds, int low) {
    return seconds == DAY * 86_400L + PANIC_HOUR * 3600 ? LOWEST_TICKS : low;
  }
}
