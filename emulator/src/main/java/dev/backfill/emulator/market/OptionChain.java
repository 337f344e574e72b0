package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All options of one root. Each month is listed some months before it expires with strikes around
 * the underlying's price of that day; as the price moves more strikes are listed, and in the last
 * weeks half steps at the money, so that some options live for a few days only. Months are made
 * when they are asked for, and again when they were forgotten. Thread-safe.
 */
final class OptionChain {
  /** More than one month ever lists. */
  static final int MOST_IN_A_MONTH = 512;

  /** Months until ids come back; no month is listed for as long. */
  private static final int ID_MONTHS = 32;

  private static final int FIRST_ID = 200_000;
  private static final int IDS = ID_MONTHS * MOST_IN_A_MONTH;
  private static final int HALF_STEP_DAYS = 18;
  private static final int LEVEL_HOUR = 14;
  private static final long HOUR_NS = 3_600_000_000_000L;

  /**
   * One month before its strikes are known.
   *
   * @param index its place in the chain
   * @param name what the raw symbols of its options begin with
   * @param listed first day, epoch day
   * @param expiry last day, epoch day
   */
  record Month(
      int index, String name, YearMonth month, Contract underlying, int listed, int expiry) {}

  private final OptionSpec spec;
  private final ProductMarket futures;
  private final Product product;
  private final long seed;
  private final List<Month> months = new ArrayList<>();
  private final Recent<Derived.Of, List<Option>> recent;

  OptionChain(OptionSpec spec, Product product, ProductMarket futures, long seed, Derived derived) {
    this.recent = derived.options();
    this.spec = spec;
    this.product = product;
    this.futures = futures;
    this.seed = seed;
    YearMonth end = YearMonth.from(product.mapTo()).plusMonths(spec.listedMonths());
    for (YearMonth m = YearMonth.from(product.first()); m.isBefore(end); m = m.plusMonths(1)) {
      LocalDate expires = spec.expiry().apply(m);
      Contract underlying = underlying(m, expires);
      if (spec.cycle().indexOf(Names.code(m)) >= 0
          && underlying != null
          && !expires.isBefore(product.first())) {
        months.add(
            new Month(
                months.size(),
                Names.optionMonth(spec.root(), m),
                m,
                underlying,
                firstDay(expires),
                (int) expires.toEpochDay()));
      }
    }
  }

  private int firstDay(LocalDate expires) {
    LocalDate day = expires.minusMonths(spec.listedMonths());
    LocalDate own = spec.first();
    // Before that year the underlying has no price.
    LocalDate first = own == null ? product.first().withDayOfYear(1) : own;
    LocalDate listed = day.isBefore(first) ? first : day;
    while (!UsCalendar.isBusinessDay(listed)) {
      listed = listed.plusDays(1);
    }
    return (int) listed.toEpochDay();
  }

  private @Nullable Contract underlying(YearMonth month, LocalDate expires) {
    for (Contract c : futures.chain().contracts()) {
      if (!c.month().isBefore(month)
          && !c.expiry().isBefore(expires)
          && futures.product().active().indexOf(Names.code(c.month())) >= 0) {
        return c;
      }
    }
    return null;
  }

  /** The months with anything listed on the days [from, to), by expiry. */
  List<Month> months(int from, int to) {
    return months.stream().filter(m -> m.listed() < to && m.expiry() >= from).toList();
  }

  /** The options of a month, in the order of their listing. */
  List<Option> options(Month month) {
    Derived.Of key = new Derived.Of(spec.root(), month.index());
    List<Option> known = recent.find(key);
    if (known != null) {
      return known;
    }
    List<Option> made = List.copyOf(list(month));
    recent.keep(key, made);
    return made;
  }

  Option option(int index) {
    return options(months.get(index / MOST_IN_A_MONTH)).get(index % MOST_IN_A_MONTH);
  }

  private List<Option> list(Month month) {
    List<Option> options = new ArrayList<>();
    Set<Long> strikes = new HashSet<>();
    LocalDate expires = LocalDate.ofEpochDay(month.expiry());
    for (int day = month.listed(); day < month.expiry(); day++) {
      LocalDate date = LocalDate.ofEpochDay(day);
      if (!UsCalendar.isBusinessDay(date)) {
        continue;
      }
      double level = futures.level(month.underlying(), day, LEVEL_HOUR) * 1e9;
      long money = (long) Math.rint(level / spec.step());
      int around = day == month.listed() ? spec.width() : spec.width() - 2;
      for (long at = money - around; at <= money + around; at++) {
        add(month, at * spec.step(), date, expires, strikes, options);
      }
      if (month.expiry() - day <= HALF_STEP_DAYS) {
        for (long at = money - 2; at <= money + 1; at++) {
          add(month, at * spec.step() + spec.step() / 2, date, expires, strikes, options);
        }
      }
    }
    return options;
  }

  private void add(
      Month month,
      long strike,
      LocalDate day,
      LocalDate expires,
      Set<Long> strikes,
      List<Option> options) {
    if (strike <= 0 || options.size() + 2 > MOST_IN_A_MONTH || !strikes.add(strike)) {
      return;
    }
    long h = Hash.of(Hash.of(seed, month.index()), strike);
    long listedNs = (day.toEpochDay() * 24 + 13) * HOUR_NS + Math.floorMod(h, 7 * HOUR_NS);
    for (boolean call : new boolean[] {true, false}) {
      int place = options.size();
      Contract contract =
          new Contract(
              product,
              month.index() * MOST_IN_A_MONTH + place,
              month.month(),
              FIRST_ID + spec.ordinal() * IDS + month.index() % ID_MONTHS * MOST_IN_A_MONTH + place,
              Names.option(spec.root(), month.month(), call, strike, spec.digit()),
              day,
              expires);
      options.add(new Option(contract, call, strike, month.underlying(), listedNs));
    }
  }

  /** The ordinal of the options that may have an id; -1 where none may. */
  static int ordinalOf(int id) {
    return id < FIRST_ID ? -1 : (id - FIRST_ID) / IDS;
  }

  /** The option that has this id on a day, while it is listed. */
  @Nullable Contract byId(int id, int day) {
    int slot = (id - FIRST_ID) % IDS;
    for (Month month : months(day, day + 1)) {
      if (month.index() % ID_MONTHS == slot / MOST_IN_A_MONTH) {
        List<Option> options = options(month);
        int place = slot % MOST_IN_A_MONTH;
        if (place < options.size() && options.get(place).contract().livesOn(day)) {
          return options.get(place).contract();
        }
      }
    }
    return null;
  }

  /** The option of that name on a day: of the next month of that name, as futures have it. */
  @Nullable Contract byRawSymbol(String rawSymbol, int day) {
    for (Month month : months) {
      if (month.expiry() >= day && rawSymbol.startsWith(month.name())) {
        return options(month).stream()
            .map(Option::contract)
            .filter(c -> c.rawSymbol().equals(rawSymbol))
            .findFirst()
            .orElse(null);
      }
    }
    return null;
  }
}
