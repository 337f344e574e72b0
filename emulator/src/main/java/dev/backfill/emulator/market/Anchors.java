package dev.backfill.emulator.market;

import java.util.Arrays;
import java.util.List;

/** A positive function of time given at some years, joined by straight lines of its logarithm. */
final class Anchors {
  private static final double DAYS_PER_YEAR = 365.25;
  private final double[] years;
  private final double[] logs;

  private Anchors(double[] years, double[] logs) {
    this.years = years;
    this.logs = logs;
  }

  /** Parses {@code 2010=75 2020.3=20}, or a single number for a constant. */
  static Anchors parse(String text) {
    List<String> parts = Arrays.asList(text.trim().split(" +"));
    double[] years = new double[parts.size()];
    double[] logs = new double[parts.size()];
    for (int i = 0; i < years.length; i++) {
      String part = parts.get(i);
      int eq = part.indexOf('=');
      years[i] = eq < 0 ? 0 : Double.parseDouble(part.substring(0, eq));
      logs[i] = StrictMath.log(Double.parseDouble(part.substring(eq + 1)));
    }
    return new Anchors(years, logs);
  }

  /** The logarithm of the value on a day (days since 1970-01-01, may be a fraction). */
  double logAt(double epochDay) {
    double year = 1970 + epochDay / DAYS_PER_YEAR;
    int last = years.length - 1;
    if (year <= years[0]) {
      return logs[0];
    }
    for (int i = 0; i < last; i++) {
      if (year < years[i + 1]) {
        double part = (year - years[i]) / (years[i + 1] - years[i]);
        return logs[i] + part * (logs[i + 1] - logs[i]);
      }
    }
    return logs[last];
  }

  /** The value on a day. */
  double at(double epochDay) {
    return StrictMath.exp(logAt(epochDay));
  }
}
