package dev.backfill.emulator.fred;

import dev.backfill.emulator.market.Hash;
import dev.backfill.emulator.market.UsCalendar;
import dev.backfill.schemas.FredCatalog;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/**
 * One series as it is made up: its dates, when the value of each was published and revised, and the
 * values. Immutable.
 */
final class SeriesSpec {
  /** What stands for a value that there is not. */
  static final String NO_VALUE = ".";

  private static final LocalDate WTI_BELOW_ZERO = LocalDate.of(2020, 4, 20);

  private final FredCatalog.Entry entry;
  private final long seed;
  private final LocalDate start;
  private final LocalDate lastDate;
  private final LocalDate firstVintage;
  private final double level;
  private final int decimals;

  SeriesSpec(FredCatalog.Entry entry, long marketSeed) {
    this.entry = entry;
    this.seed = Hash.of(marketSeed, "fred " + entry.id());
    int startYear =
        switch (entry.frequency()) {
          case "Daily" -> 1996 + part(1, 20);
          case "Weekly" -> 1980 + part(1, 25);
          default -> 1948 + part(1, 45);
        };
    this.start = LocalDate.of(startYear, 1 + 3 * part(2, 4), 1);
    this.lastDate =
        isDiscontinued() ? LocalDate.of(2019 + part(3, 4), 1 + part(4, 12), 1) : LocalDate.MAX;
    this.firstVintage = LocalDate.of(2004 + part(5, 8), 1 + part(6, 12), 4 + part(7, 20));
    this.level = level(entry.units());
    this.decimals = level >= 1000 ? 1 : level >= 20 ? 2 : level >= 2 ? 3 : 4;
  }

  private int part(int salt, int bound) {
    return (int) (Hash.unit(Hash.of(seed, salt)) * bound);
  }

  private double level(String units) {
    double wide = 0.5 + Hash.unit(Hash.of(seed, 11));
    if (units.startsWith("Percent")) {
      return 4 * wide;
    }
    if (units.startsWith("Index")) {
      return 110 * wide;
    }
    if (units.startsWith("Billions") || units.startsWith("Thousands")) {
      return 8_000 * wide;
    }
    if (units.startsWith("Millions")) {
      return 400_000 * wide;
    }
    return switch (units) {
      case "Dollars per Barrel" -> 70 * wide;
      case "Dollars per Gallon" -> 2.8 * wide;
      case "U.S. Dollars per Metric Ton" -> 900 * wide;
      case "U.S. Cents per Pound", "U.S. Cents per Kilogram" -> 120 * wide;
      case "Dollars per Million BTU", "U.S. Dollars to One Euro" -> 3 * wide;
      case "Number", "Level in Thousands" -> 1_500 * wide;
      default -> 12 * wide;
    };
  }

  FredCatalog.Entry entry() {
    return entry;
  }

  boolean isDiscontinued() {
    return entry.title().endsWith("(DISCONTINUED)");
  }

  int popularity() {
    return 1 + part(8, 100);
  }

  boolean isAdjusted() {
    return part(9, 2) == 1;
  }

  LocalDate start() {
    return start;
  }

  /** The dates of its periods that begin before a day, the oldest first. */
  List<LocalDate> dates(LocalDate before) {
    List<LocalDate> dates = new ArrayList<>();
    LocalDate date = first();
    while (date.isBefore(before) && !date.isAfter(lastDate)) {
      dates.add(date);
      date = next(date);
    }
    return dates;
  }

  private LocalDate first() {
    return switch (entry.frequency()) {
      case "Daily" -> weekday(start);
      case "Weekly" -> start.with(TemporalAdjusters.nextOrSame(DayOfWeek.FRIDAY));
      default -> start;
    };
  }

  private LocalDate next(LocalDate date) {
    return switch (entry.frequency()) {
      case "Daily" -> weekday(date.plusDays(1));
      case "Weekly" -> date.plusWeeks(1);
      case "Quarterly" -> date.plusMonths(3);
      default -> date.plusMonths(1);
    };
  }

  private static LocalDate weekday(LocalDate date) {
    return switch (date.getDayOfWeek()) {
      case SATURDAY -> date.plusDays(2);
      case SUNDAY -> date.plusDays(1);
      default -> date;
    };
  }

  /** The days on which the value of a date became known and was revised, in order. */
  List<LocalDate> releases(LocalDate date) {
    List<LocalDate> days = new ArrayList<>();
    switch (entry.frequency()) {
      case "Daily" -> days.add(weekday(date.plusDays(1)));
      case "Weekly" -> days.add(date.plusDays(5));
      case "Quarterly" -> addRevised(days, date.plusMonths(3).plusDays(28));
      default -> addRevised(days, date.plusMonths(1).plusDays(13));
    }
    days.replaceAll(day -> day.isBefore(firstVintage) ? firstVintage : day);
    return days;
  }

  private static void addRevised(List<LocalDate> days, LocalDate first) {
    days.add(first);
    days.add(first.plusMonths(1));
    days.add(first.plusYears(1));
  }

  /**
   * The value of a date as FRED writes it.
   *
   * @param release which of {@link #releases} it is of
   * @param noise from revisions made by hand; 0 for none
   */
  String value(LocalDate date, int release, long noise) {
    if (entry.frequency().equals("Daily") && !UsCalendar.isBusinessDay(date)) {
      return NO_VALUE;
    }
    if (entry.units().equals("+1 or 0")) {
      return noise == 0 && Math.floorMod(date.getYear(), 9) > 0 ? "0" : "1";
    }
    if (entry.id().equals("DCOILWTICO") && date.equals(WTI_BELOW_ZERO) && noise == 0) {
      return "-36.98";
    }
    long day = date.toEpochDay();
    double years = ChronoUnit.DAYS.between(start, date) / 365.25;
    double swing = 0.2 * StrictMath.sin(years * (0.7 + Hash.unit(Hash.of(seed, 12))));
    double daily = 0.04 * (Hash.unit(Hash.of(seed, day)) - 0.5);
    double revised = release == 0 ? 0 : 0.01 * (Hash.unit(Hash.of(seed + release, day)) - 0.5);
    double byHand = noise == 0 ? 0 : 0.02 + 0.02 * Hash.unit(Hash.of(seed ^ noise, day));
    return BigDecimal.valueOf(level * (1 + swing + daily + revised + byHand))
        .setScale(decimals, RoundingMode.HALF_UP)
        .toPlainString();
  }
}
