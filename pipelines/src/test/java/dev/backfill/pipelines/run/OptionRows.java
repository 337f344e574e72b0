package dev.backfill.pipelines.run;

import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.OptionParents;
import dev.backfill.schemas.Times;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rows of option bars as text, from the database and as the market says they must be. */
final class OptionRows {
  static final String TABLE = "raw.databento_options_ohlcv_1d";

  private OptionRows() {}

  /** Every column but ingested_at, one row a line, in the order of the key. */
  static List<String> in(Path database) {
    return TableRows.query(
        database,
        "SELECT symbol, parent_symbol, contract_symbol, as_of_date, strike_price, expiration_date,"
            + " option_type, underlying_symbol, open, high, low, close, volume, open_interest,"
            + " settlement_price, implied_volatility, delta, gamma, theta, vega, source,"
            + " publisher_id, instrument_id FROM "
            + TABLE
            + " ORDER BY contract_symbol COLLATE C, as_of_date");
  }

  /**
   * What the table must hold when statistics of the same range are loaded too, and definitions of
   * the range's first and last day, of every thirtieth day since 1970 that is no weekend, and of an
   * option's first bar where it is in none of these.
   */
  static List<String> expected(Market market, List<String> parents, String from, String to) {
    long start = Times.nanos(LocalDate.parse(from));
    long end = Times.nanos(LocalDate.parse(to));
    List<String> rows = new ArrayList<>();
    for (String parent : parents) {
      Map<Long, List<DefinitionRecord>> definitions = new HashMap<>();
      for (DefinitionRecord one :
          market.definitions("GLBX.MDP3", SType.PARENT, parent, start, end)) {
        definitions.computeIfAbsent(one.header().instrumentId(), id -> new ArrayList<>()).add(one);
      }
      Predicate<LocalDate> isSnapshot =
          day ->
              isFixed(day) || Times.nanos(day) == start || Times.nanos(day) == end - Times.DAY_NS;
      Asked asked = new Asked(new HashMap<>());
      Published published =
          Published.of(market.statistics("GLBX.MDP3", SType.PARENT, parent, start, end));
      List<MarketBar> bars =
          market.bars("GLBX.MDP3", BarSize.DAY, SType.PARENT, parent, start, end);
      for (MarketBar bar : bars) {
        known(definitions.get(bar.instrumentId()), bar, isSnapshot, asked);
      }
      // Only now is it known what was looked up: for earlier bars too.
      for (MarketBar bar : bars) {
        List<DefinitionRecord> its = definitions.get(bar.instrumentId());
        rows.add(row(parent, bar, known(its, bar, isSnapshot, asked), published));
      }
    }
    Collections.sort(rows, (a, b) -> key(a).compareTo(key(b)));
    return rows;
  }

  /** Every thirtieth day, or the Friday before where it is on a weekend. */
  private static boolean isFixed(LocalDate day) {
    long number = day.toEpochDay();
    return switch (day.getDayOfWeek()) {
      case SATURDAY, SUNDAY -> false;
      case FRIDAY -> number % 30 == 0 || (number + 1) % 30 == 0 || (number + 2) % 30 == 0;
      default -> number % 30 == 0;
    };
  }

  private static String key(String row) {
    String[] cells = row.split("\\|");
    return cells[2] + "|" + cells[3];
  }

  /** The newest definition that is loaded and was there when the day ended, else the next. */
  private static DefinitionRecord known(
      List<DefinitionRecord> all, MarketBar bar, Predicate<LocalDate> isSnapshot, Asked asked) {
    LocalDate day = Times.date(bar.tsEvent());
    List<DefinitionRecord> its =
        all.stream()
            .filter(one -> one.rawSymbol().equals(bar.rawSymbol()))
            .filter(one -> !Times.date(one.activation()).isAfter(day))
            .filter(one -> !Times.date(one.expiration()).isBefore(day))
            .toList();
    Set<LocalDate> lookedUp = asked.of(bar);
    Predicate<DefinitionRecord> isLoaded =
        one ->
            isSnapshot.test(Times.date(one.tsRecv()))
                || lookedUp.contains(Times.date(one.tsRecv()));
    if (its.stream().noneMatch(isLoaded)) {
      lookedUp.add(day);
    }
    List<DefinitionRecord> loaded = its.stream().filter(isLoaded).toList();
    return loaded.stream()
        .filter(one -> !Times.date(one.tsRecv()).isAfter(day))
        .reduce((one, later) -> later)
        .orElse(loaded.get(0));
  }

  /** The days for which options were looked up, the bars being gone through in their order. */
  private record Asked(Map<String, Set<LocalDate>> days) {
    Set<LocalDate> of(MarketBar bar) {
      return days.computeIfAbsent(bar.rawSymbol() + " " + bar.instrumentId(), k -> new HashSet<>());
    }
  }

  private static String row(
      String parent, MarketBar bar, DefinitionRecord its, Published published) {
    LocalDate day = Times.date(bar.tsEvent());
    Published.Day said = published.on(bar.instrumentId(), day);
    return String.join(
        "|",
        OptionParents.load().future(parent).orElseThrow(),
        parent,
        bar.rawSymbol(),
        day.toString(),
        FixedPrice.decimal(its.strikePrice()).toString(),
        Times.date(its.expiration()).toString(),
        String.valueOf(its.instrumentClass()),
        its.underlying(),
        FixedPrice.decimal(bar.open()).toString(),
        FixedPrice.decimal(bar.high()).toString(),
        FixedPrice.decimal(bar.low()).toString(),
        FixedPrice.decimal(bar.close()).toString(),
        String.valueOf(bar.volume()),
        String.valueOf(said.openInterest()),
        price(said.settlement()),
        price(said.volatility()),
        price(said.delta()),
        "null|null|null|databento_options",
        String.valueOf(bar.publisherId()),
        String.valueOf(bar.instrumentId()));
  }

  static String price(@Nullable Long price) {
    return price == null ? "null" : FixedPrice.decimal(price).toString();
  }

  /** What is valid of all that was published, by instrument and trading date. */
  record Published(Map<String, Day> days) {
    /** Of one contract and day. */
    static final class Day {
      private @Nullable Long preliminary;
      private @Nullable Long ended;
      private @Nullable Long openInterest;
      private @Nullable Long clearedVolume;
      private @Nullable Long volatility;
      private @Nullable Long delta;

      @Nullable Long settlement() {
        return ended != null ? ended : preliminary;
      }

      /** Whether the settlement is final; null where there is none. */
      @Nullable Boolean isFinal() {
        return settlement() == null ? null : ended != null;
      }

      @Nullable Long clearedVolume() {
        return clearedVolume;
      }

      @Nullable Long openInterest() {
        return openInterest;
      }

      @Nullable Long volatility() {
        return volatility;
      }

      @Nullable Long delta() {
        return delta;
      }

      /** Takes a record that is later than all before. */
      private void take(StatisticsRecord record) {
        boolean isTaken = record.updateAction() == 2;
        Long price = isTaken ? null : defined(record.price());
        boolean counts = isTaken || price != null;
        switch (record.statType()) {
          case 3 -> {
            if (counts && (record.statFlags() & 1) != 0) {
              ended = price;
            } else if (counts) {
              preliminary = price;
            }
          }
          case 6 -> clearedVolume = record.quantity();
          case 9 -> openInterest = record.quantity();
          case 14 -> volatility = counts ? price : volatility;
          case 15 -> delta = counts ? price : delta;
          default -> {}
        }
      }

      private static @Nullable Long defined(long price) {
        return price == DbnMetadata.UNDEFINED ? null : price;
      }
    }

    /** Of records in the order in which they were received. */
    static Published of(List<StatisticsRecord> records) {
      Map<String, Day> days = new HashMap<>();
      for (StatisticsRecord record : records) {
        boolean isOfDay = record.tsRef() != DbnMetadata.UNDEFINED_NS;
        if (isOfDay) {
          String key = key(record.header().instrumentId(), Times.date(record.tsRef()));
          days.computeIfAbsent(key, k -> new Day()).take(record);
        }
      }
      return new Published(days);
    }

    Day on(long instrument, LocalDate day) {
      return days.getOrDefault(key(instrument, day), new Day());
    }

    private static String key(long instrument, LocalDate day) {
      return instrument + " " + day;
    }
  }
}
