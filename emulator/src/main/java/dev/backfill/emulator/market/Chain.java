package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All contracts of one product, and which of them stands first on a day by each roll rule. */
final class Chain {
  /** Ids come back after this many months; no contract is listed for longer. */
  private static final int ID_MONTHS = 84;

  private static final int LISTED_MONTHS = 78;
  private static final int FIRST_ID = 1000;
  private static final int ID_MODULUS = 100_003;
  private static final int ID_FACTOR = 7919;
  private static final LocalDate WTI_MAY_2020_ROLL = LocalDate.of(2020, 4, 21);

  private final Product product;
  private final long flipSeed;
  private final int mappedFrom;
  private final int mappedTo;
  private final List<Contract> contracts = new ArrayList<>();
  private final Map<String, List<Contract>> byName = new HashMap<>();
  private final Map<Integer, List<Contract>> byNumber = new HashMap<>();
  private final int[] expiry;
  private final int[] activeIndex;
  private final int[] activeRoll;
  private final int[] activeRank;

  Chain(Product product, long seed) {
    this.product = product;
    this.flipSeed = Hash.of(Hash.of(seed, product.root()), "flip");
    this.mappedFrom = (int) product.mapFrom().toEpochDay();
    this.mappedTo = (int) product.mapTo().toEpochDay();
    YearMonth month = YearMonth.from(product.mapFrom()).minusMonths(4);
    YearMonth end = YearMonth.from(product.mapTo()).plusMonths(LISTED_MONTHS);
    for (; month.isBefore(end); month = month.plusMonths(1)) {
      if (product.cycle().indexOf(Names.code(month)) >= 0) {
        add(month);
      }
    }
    for (Contract contract : contracts) {
      byName.computeIfAbsent(contract.rawSymbol(), k -> new ArrayList<>()).add(contract);
      byNumber.computeIfAbsent(contract.id(), k -> new ArrayList<>()).add(contract);
    }
    expiry = contracts.stream().mapToInt(c -> (int) c.expiry().toEpochDay()).toArray();
    activeIndex =
        contracts.stream()
            .filter(c -> product.active().indexOf(Names.code(c.month())) >= 0)
            .mapToInt(Contract::index)
            .toArray();
    activeRoll = new int[activeIndex.length];
    activeRank = new int[contracts.size()];
    java.util.Arrays.fill(activeRank, -1);
    for (int i = 0; i < activeIndex.length; i++) {
      activeRoll[i] = roll(contracts.get(activeIndex[i]));
      activeRank[activeIndex[i]] = i;
    }
  }

  private void add(YearMonth month) {
    LocalDate expires = product.expiry().apply(month);
    if (expires.isBefore(product.mapFrom())) {
      return;
    }
    int slot = (month.getYear() * 12 + month.getMonthValue()) % ID_MONTHS;
    contracts.add(
        new Contract(
            product,
            contracts.size(),
            month,
            id(product, slot),
            Names.future(product, month),
            expires.minusMonths(LISTED_MONTHS),
            expires));
  }

  /** The last day on which a contract is the front by volume, as epoch day. */
  private int roll(Contract c) {
    boolean wtiMay2020 = product.root().equals("CL") && c.expiry().equals(WTI_MAY_2020_ROLL);
    return (int) c.expiry().toEpochDay() - (wtiMay2020 ? 1 : product.rollDays());
  }

  /** Every id that contracts of a product ever have. */
  static int[] idsOf(Product product) {
    int[] ids = new int[ID_MONTHS];
    for (int slot = 0; slot < ID_MONTHS; slot++) {
      ids[slot] = id(product, slot);
    }
    return ids;
  }

  private static int id(Product product, int slot) {
    return FIRST_ID + (product.ordinal() * ID_MONTHS + slot) * ID_FACTOR % ID_MODULUS;
  }

  List<Contract> contracts() {
    return contracts;
  }

  /** Whether the product's symbols resolve on a day. */
  boolean mapped(int epochDay) {
    return epochDay >= mappedFrom && epochDay <= mappedTo;
  }

  /** The contract behind {@code ROOT.rule.rank} on a UTC day; null where nothing is mapped. */
  @Nullable Contract continuous(char rule, int rank, int epochDay) {
    if (!mapped(epochDay)) {
      return null;
    }
    return switch (rule) {
      case 'c' -> at(firstAtLeast(expiry, epochDay) + rank);
      case 'n' -> active(firstAtLeast(activeRoll, epochDay + 1) + rank);
      default -> active(byVolume(rank, epochDay));
    };
  }

  /** How busy a contract is on a day, 0 for the busiest, -1 where it does not trade. */
  int volumeRank(Contract c, int epochDay) {
    int rank = activeRank[c.index()];
    int front = firstAtLeast(activeRoll, epochDay);
    if (rank < 0) {
      // Serial months trade a little, the nearest two only.
      int near = c.index() - firstAtLeast(expiry, epochDay);
      return near >= 0 && near < 2 ? product.depth() : -1;
    }
    if (rank < front || rank >= front + product.depth()) {
      return epochDay <= expiry[c.index()] && rank < front ? product.depth() : -1;
    }
    int away = rank - front;
    int alternative = alternative(epochDay);
    if (alternative == 0 || away > alternative) {
      return away;
    }
    return away == alternative ? 0 : away + 1;
  }

  /**
   * The contract of that name on a day. A name keeps resolving in the whole decade before its
   * contract expires, and so outside the contract's life, as the service has it.
   */
  @Nullable Contract byRawSymbol(String rawSymbol, int epochDay) {
    if (!mapped(epochDay)) {
      return null;
    }
    for (Contract contract : byName.getOrDefault(rawSymbol, List.of())) {
      if (expiry[contract.index()] >= epochDay) {
        return contract;
      }
    }
    return null;
  }

  /** The contract that has this id on a day, while it is listed. */
  @Nullable Contract byId(int id, int epochDay) {
    if (mapped(epochDay)) {
      for (Contract contract : byNumber.getOrDefault(id, List.of())) {
        if (contract.livesOn(epochDay)) {
          return contract;
        }
      }
    }
    return null;
  }

  private int byVolume(int rank, int epochDay) {
    int front = firstAtLeast(activeRoll, epochDay);
    int alternative = alternative(epochDay);
    if (rank > alternative || alternative == 0) {
      return front + rank;
    }
    return rank == 0 ? front + alternative : front + rank - 1;
  }

  /** On some days another contract is the busiest: how far it is from the front, 0 for none. */
  private int alternative(int epochDay) {
    // Saturday (day 2 of 1970 was one) keeps what Friday had.
    int day = (epochDay - 2) % 7 == 0 ? epochDay - 1 : epochDay;
    if (isWtiMay2020(day)) {
      return 0;
    }
    long h = Hash.of(flipSeed, day);
    if (Hash.unit(h) >= product.flip()) {
      return 0;
    }
    return 1 + (int) ((h & 0xff) % Math.min(3, product.depth() - 1));
  }

  private boolean isWtiMay2020(int day) {
    long roll = WTI_MAY_2020_ROLL.toEpochDay();
    return product.root().equals("CL") && day <= roll && day >= roll - 4;
  }

  private @Nullable Contract at(int index) {
    return index < contracts.size() ? contracts.get(index) : null;
  }

  private @Nullable Contract active(int index) {
    return index < activeIndex.length ? contracts.get(activeIndex[index]) : null;
  }

  private static int firstAtLeast(int[] sorted, int value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (sorted[mid] < value) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }
}
