package dev.backfill.transforms;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The delivery month that a contract's code names. CME codes have one year digit ({@code ZLF6}) and
 * come again every ten years, so a date is needed: the only year that puts the month between 6
 * months before that date's and 113 after it. Some listings have two digits; ICE codes ({@code BRN
 * FMJ0024!}) always do. Cboe writes {@code VX/M6}.
 */
public final class ContractMonth {
  private static final String MONTH_LETTERS = "FGHJKMNQUVXZ";
  private static final Pattern CME =
      Pattern.compile("([A-Z0-9]{1,4}?)/?([FGHJKMNQUVXZ])(\\d{1,2})");
  private static final Pattern ICE = Pattern.compile("([A-Z0-9]+) +FM([FGHJKMNQUVXZ])00(\\d\\d)!?");

  private static final int MONTHS_BEFORE = 6;

  private ContractMonth() {}

  /**
   * The delivery month of a contract that traded on a date.
   *
   * @param contract the contract's raw symbol
   * @param onDate a UTC date in its life
   * @return empty where the code names no month
   */
  public static Optional<YearMonth> of(String contract, LocalDate onDate) {
    Matcher ice = ICE.matcher(contract);
    if (ice.matches()) {
      return Optional.of(YearMonth.of(2000 + Integer.parseInt(ice.group(3)), month(ice)));
    }
    Matcher cme = CME.matcher(contract);
    if (!cme.matches()) {
      return Optional.empty();
    }
    int year = Integer.parseInt(cme.group(3));
    if (cme.group(3).length() == 2) {
      return Optional.of(YearMonth.of(2000 + year, month(cme)));
    }
    YearMonth earliest = YearMonth.from(onDate).minusMonths(MONTHS_BEFORE);
    int decade = Math.floorDiv(earliest.getYear(), 10) * 10;
    YearMonth candidate = YearMonth.of(decade + year, month(cme));
    return Optional.of(candidate.isBefore(earliest) ? candidate.plusYears(10) : candidate);
  }

  /** The product's root that a contract's code begins with; empty where it is no such code. */
  static Optional<String> root(String contract) {
    for (Pattern form : List.of(ICE, CME)) {
      Matcher code = form.matcher(contract);
      if (code.matches()) {
        return Optional.of(code.group(1));
      }
    }
    return Optional.empty();
  }

  /**
   * The first date on which the same code would name a later month.
   *
   * @param month what {@link #of} gave
   */
  public static LocalDate validBefore(YearMonth month) {
    return month.plusMonths(MONTHS_BEFORE + 1).atDay(1);
  }

  private static int month(Matcher code) {
    return MONTH_LETTERS.indexOf(code.group(2)) + 1;
  }
}
