package dev.backfill.emulator.market;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;

/**
 * When a contract month stops trading: {@code [months/]RULE} as described in products.csv.
 *
 * @param months how many months after the contract month the rule is applied
 * @param kind F, W, D, L, T or B
 * @param n the rule's number
 * @param minus business days before it
 */
record ExpiryRule(int months, char kind, int n, int minus) {

  static ExpiryRule parse(String text) {
    int slash = text.indexOf('/');
    int months = slash < 0 ? 0 : Integer.parseInt(text.substring(0, slash));
    String rule = text.substring(slash + 1);
    int dash = rule.indexOf('-');
    int minus = dash < 0 ? 0 : Integer.parseInt(rule.substring(dash + 1));
    String number = dash < 0 ? rule.substring(1) : rule.substring(1, dash);
    return new ExpiryRule(
        months, rule.charAt(0), number.isEmpty() ? 0 : Integer.parseInt(number), minus);
  }

  LocalDate apply(YearMonth contractMonth) {
    YearMonth month = contractMonth.plusMonths(months);
    LocalDate first = month.atDay(1);
    LocalDate day =
        switch (kind) {
          case 'F' ->
              n == 5
                  ? first.with(TemporalAdjusters.lastInMonth(DayOfWeek.FRIDAY))
                  : first.with(TemporalAdjusters.dayOfWeekInMonth(n, DayOfWeek.FRIDAY));
          case 'W' -> first.with(TemporalAdjusters.dayOfWeekInMonth(n, DayOfWeek.WEDNESDAY));
          case 'D' -> month.atDay(n);
          case 'L' -> month.atEndOfMonth();
          case 'T' -> first.with(TemporalAdjusters.lastInMonth(DayOfWeek.THURSDAY));
          case 'B' -> nthBusinessDay(first);
          default -> throw new IllegalArgumentException("unknown expiry rule " + this);
        };
    return back(day);
  }

  private LocalDate nthBusinessDay(LocalDate first) {
    LocalDate day = first.minusDays(1);
    for (int i = 0; i < n; ) {
      day = day.plusDays(1);
      if (UsCalendar.isBusinessDay(day)) {
        i++;
      }
    }
    return day;
  }

  private LocalDate back(LocalDate day) {
    LocalDate result = day;
    while (!UsCalendar.isBusinessDay(result)) {
      result = result.minusDays(1);
    }
    for (int i = 0; i < minus; i++) {
      do {
        result = result.minusDays(1);
      } while (!UsCalendar.isBusinessDay(result));
    }
    return result;
  }
}
