package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spreads between one product's futures: to the next month, to the one after, and at CME the
 * butterfly of the three. They trade at the difference of their legs, which may be negative.
 */
final class SpreadMarket implements Trading {
  private static final int KINDS = 3;
  private static final int FIRST_ID = 1_000_000;
  private static final int IDS = 384;

  /**
   * A spread.
   *
   * @param legs near to far; a calendar buys the near and sells the far one, a butterfly buys both
   *     ends and sells the middle twice
   */
  record Spread(Contract contract, List<Contract> legs) {
    int ratio(int leg) {
      return legs.size() == 3 && leg == 1 ? 2 : 1;
    }

    boolean bought(int leg) {
      return leg % 2 == 0;
    }
  }

  private final ProductMarket futures;
  private final Product product;
  private final long seed;
  private final List<@Nullable Spread> byIndex = new ArrayList<>();
  private final List<Spread> spreads = new ArrayList<>();
  private final Map<String, List<Spread>> byName = new HashMap<>();
  private final Map<Integer, List<Spread>> byNumber = new HashMap<>();

  SpreadMarket(ProductMarket futures, long marketSeed) {
    Product p = futures.product();
    this.futures = futures;
    this.product = p.withRoot(p.root() + ".SPREAD");
    this.seed = Hash.of(marketSeed, product.root());
    List<Contract> outrights = futures.chain().contracts();
    for (int i = 0; i + 1 < outrights.size(); i++) {
      add(i, 0, outrights.subList(i, i + 2));
      boolean third = i + 2 < outrights.size();
      boolean cme = p.dataset().equals(Dataset.GLBX.code());
      add(i, 1, third ? List.of(outrights.get(i), outrights.get(i + 2)) : List.of());
      add(i, 2, third && cme ? outrights.subList(i, i + 3) : List.of());
    }
  }

  private void add(int near, int kind, List<Contract> legs) {
    if (legs.isEmpty()) {
      byIndex.add(null);
      return;
    }
    Contract first = legs.get(0);
    Contract last = legs.get(legs.size() - 1);
    Contract contract =
        new Contract(
            product,
            near * KINDS + kind,
            first.month(),
            FIRST_ID + product.ordinal() * IDS + near * KINDS % IDS + kind,
            kind == 2
                ? Names.butterfly(
                    futures.product(), first.month(), legs.get(1).month(), last.month())
                : Names.calendar(futures.product(), first.month(), last.month()),
            last.listed(),
            first.expiry());
    Spread spread = new Spread(contract, List.copyOf(legs));
    byIndex.add(spread);
    spreads.add(spread);
    byName.computeIfAbsent(contract.rawSymbol(), k -> new ArrayList<>()).add(spread);
    byNumber.computeIfAbsent(contract.id(), k -> new ArrayList<>()).add(spread);
  }

  @Override
  public Product product() {
    return product;
  }

  @Override
  public long seed() {
    return seed;
  }

  ProductMarket futures() {
    return futures;
  }

  Spread spread(int index) {
    Spread spread = byIndex.get(index);
    if (spread == null) {
      throw new IllegalArgumentException(product.root() + " has no spread " + index);
    }
    return spread;
  }

  @Override
  public Contract contract(int index) {
    return spread(index).contract();
  }

  List<Contract> contracts() {
    return spreads.stream().map(Spread::contract).toList();
  }

  /** The ordinal of the product whose spreads may have an id; -1 where none may. */
  static int ordinalOf(int id) {
    return id < FIRST_ID ? -1 : (id - FIRST_ID) / IDS;
  }

  /** The spread that has this id on a day, while it is listed. */
  @Nullable Contract byId(int id, int day) {
    for (Spread s : byNumber.getOrDefault(id, List.of())) {
      if (futures.chain().mapped(day) && s.contract().livesOn(day)) {
        return s.contract();
      }
    }
    return null;
  }

  /** The spread of that name on a day, within the decade before it expires. */
  @Nullable Contract byRawSymbol(String rawSymbol, int day) {
    for (Spread s : byName.getOrDefault(rawSymbol, List.of())) {
      if (futures.chain().mapped(day) && s.contract().expiry().toEpochDay() >= day) {
        return s.contract();
      }
    }
    return null;
  }

  @Override
  public void hours(Series series, int fromDay, int toDay, BarSink sink) {
    Contract contract = series.contract();
    if (contract == null || series.publisher() > 0) {
      return;
    }
    Spread spread = spread(contract.index());
    int from = (int) Math.max(contract.listed().toEpochDay(), product.first().toEpochDay());
    int to = (int) Math.min(contract.expiry().toEpochDay(), product.last().toEpochDay()) + 1;
    long key = Hash.of(seed, contract.index());
    for (int day = Math.max(from, fromDay); day < Math.min(to, toDay); day++) {
      double share = share(spread, day);
      long h = Hash.of(key, day);
      if (share > 0 && Hash.unit(h) < 0.2 + share && !Conditions.isMissing(day)) {
        day(spread, day, share, h, sink);
      }
    }
  }

  /** The busier leg's share where all legs trade, else 0. */
  private double share(Spread spread, int day) {
    double share = 0;
    for (Contract leg : spread.legs()) {
      double own = ProductMarket.share(futures.chain().volumeRank(leg, day));
      if (own == 0) {
        return 0;
      }
      share = Math.max(share, own);
    }
    return spread.legs().size() == 3 ? share / 8 : share;
  }

  private void day(Spread spread, int day, double share, long h, BarSink sink) {
    LocalDate date = LocalDate.ofEpochDay(day);
    long[] masks = product.session().masksOfYear(date.getYear());
    int offset = UsCalendar.chicagoOffset(date);
    double liquidity = product.liquidity().at(day) * share * 0.04;
    for (int hour = 0; hour < 24; hour++) {
      long mask = masks[(date.getDayOfYear() - 1) * 24 + hour];
      double weight = product.session().weight(Math.floorMod(hour + offset, 24));
      long draw = Hash.of(h, hour);
      double lots = liquidity * weight * Hash.logNormal(draw) + Hash.unit(draw);
      if (mask != 0 && lots >= 1) {
        boolean midnight = hour == 23;
        int close = ticks(spread, midnight ? day + 1 : day, midnight ? 0 : hour + 1);
        int open = lots < Splitter.LOTS_PER_RANGE ? close : ticks(spread, day, hour);
        int wide = lots < Splitter.LOTS_PER_RANGE ? 0 : (int) (draw & 1);
        sink.bar(
            (day * 24L + hour) * 3600,
            mask,
            spread.contract(),
            open,
            Math.max(open, close) + wide,
            Math.min(open, close) - wide,
            close,
            (int) Math.min(lots, 1_000_000));
      }
    }
  }

  private int ticks(Spread spread, int day, int hour) {
    double tick = product.tick() * 1e-9;
    int sum = 0;
    for (int i = 0; i < spread.legs().size(); i++) {
      int leg = (int) Math.rint(futures.level(spread.legs().get(i), day, hour) / tick);
      sum += (spread.bought(i) ? 1 : -1) * spread.ratio(i) * leg;
    }
    return sum;
  }
}
