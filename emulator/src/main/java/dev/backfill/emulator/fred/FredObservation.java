package dev.backfill.emulator.fred;

import java.time.LocalDate;

/**
 * A value, and when it was the known one.
 *
 * @param realtimeStart first such day
 * @param realtimeEnd last such day, inclusive; 9999-12-31 while it still is
 * @param date first day of the period
 * @param value as FRED writes it; {@code .} where there is none
 */
public record FredObservation(
    LocalDate realtimeStart, LocalDate realtimeEnd, LocalDate date, String value) {
  /** Whether there is a value. */
  public boolean hasValue() {
    return !value.equals(SeriesSpec.NO_VALUE);
  }

  FredObservation within(LocalDate start, LocalDate end) {
    return new FredObservation(
        realtimeStart.isBefore(start) ? start : realtimeStart,
        realtimeEnd.isAfter(end) ? end : realtimeEnd,
        date,
        value);
  }
}
