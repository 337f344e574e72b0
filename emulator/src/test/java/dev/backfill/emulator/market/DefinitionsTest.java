package dev.backfill.emulator.market;

import static dev.backfill.emulator.market.MarketTest.DAY;
import static dev.backfill.emulator.market.MarketTest.ns;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.SType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
  private static final Market MARKET = Market.of(1);

  private static List<DefinitionRecord> of(String dataset, SType in, String symbol, String day) {
    return MARKET.definitions(dataset, in, symbol, ns(day), ns(day) + DAY);
  }

  private static DefinitionRecord first(String dataset, SType in, String symbol, String day) {
    return of(dataset, in, symbol, day).get(0);
  }

  @Test
  void anyPartOfARangeHoldsTheSameRecords() {
    Random random = new Random(11);
    long from = ns("2023-11-02");
    long to = from + 50 * DAY;
    for (Map.Entry<String, SType> e :
        Map.of("OZM.OPT", SType.PARENT, "BZ.v.0", SType.CONTINUOUS, "ZC.FUT", SType.PARENT)
            .entrySet()) {
      List<DefinitionRecord> all =
          MARKET.definitions("GLBX.MDP3", e.getValue(), e.getKey(), from, to);
      assertThat(all, is(not(empty())));
      for (int i = 0; i < 6; i++) {
        long a = from + (long) (random.nextDouble() * (to - from));
        long b = Math.min(to, a + (long) (random.nextDouble() * (to - a)) + DAY);
        List<DefinitionRecord> part =
            all.stream().filter(d -> d.tsRecv() >= a && d.tsRecv() < b).toList();
        DefinitionQuery query =
            Market.of(1).definitions(Dataset.GLBX, e.getValue(), List.of(e.getKey()), a, b);
        assertThat(query.toList(), equalTo(part));
        assertThat(query.count(true), is((long) part.size()));
        assertThat(query.isEmpty(), is(part.isEmpty()));
      }
    }
  }

  @Test
  void aFutureSaysWhatItIs() {
    DefinitionRecord d = first("GLBX.MDP3", SType.RAW_SYMBOL, "ZLH4", "2024-01-02");
    assertThat(d.tsRecv(), is(ns("2024-01-02")));
    assertThat(d.header().tsEvent() < d.tsRecv(), is(true));
    assertThat(d.instrumentClass(), is('F'));
    assertThat(d.asset(), is("ZL"));
    assertThat(d.exchange(), is("XCBT"));
    assertThat(d.currency(), is("USD"));
    assertThat(d.underlying(), is(""));
    assertThat(d.strikePrice(), is(Long.MAX_VALUE));
    assertThat(d.minPriceIncrement(), is(10_000_000L));
    assertThat(d.unitOfMeasureQty(), is(60_000_000_000_000L));
    assertThat(d.text(DefinitionField.UNIT_OF_MEASURE), is("LBS"));
    assertThat(d.contractMultiplier(), is(Integer.MAX_VALUE));
    assertThat(d.securityUpdateAction(), is('A'));
    assertThat(d.maturityYear(), is(2024));
    assertThat(d.maturityMonth(), is(3));
    assertThat(d.expiration(), is(ns("2024-03-14T21:00:00Z")));
  }

  private static DefinitionRecord option(String parent, String underlying, char type) {
    return of("GLBX.MDP3", SType.PARENT, parent, "2024-01-30").stream()
        .filter(d -> d.underlying().equals(underlying) && d.instrumentClass() == type)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anOptionSaysWhatItIsOn() {
    DefinitionRecord d = option("OZS.OPT", "ZSH4", 'C');
    long bushels = d.strikePrice() / 1_000_000_000L;
    assertThat(d.rawSymbol(), is("OZSH4 C" + bushels));
    assertThat(d.asset(), is("OZS"));
    assertThat(
        d.underlyingId(),
        is(first("GLBX.MDP3", SType.RAW_SYMBOL, "ZSH4", "2024-01-30").header().instrumentId()));
    assertThat(bushels % 10, is(0L));
    assertThat(d.unitOfMeasureQty(), is(5_000_000_000_000L));
    assertThat(d.expiration(), is(ns("2024-02-23T19:00:00Z")));
    assertThat(d.activation() < d.tsRecv(), is(true));
    assertThat(first("GLBX.MDP3", SType.RAW_SYMBOL, d.rawSymbol(), "2024-01-30"), equalTo(d));
    DefinitionRecord put = option("LO.OPT", "CLJ4", 'P');
    assertThat(put.rawSymbol(), is("LOJ4 P" + put.strikePrice() / 10_000_000L));
    assertThat(option("ES.OPT", "ESH4", 'C').minPriceIncrement(), is(Long.MAX_VALUE));
    // A serial month is on the next future there is.
    assertThat(option("OZN.OPT", "ZNM4", 'P').rawSymbol().substring(0, 5), is("OZNJ4"));
  }

  @Test
  void aSpreadComesOnceALegWhereTheVersionHasLegs() {
    List<DefinitionRecord> legs = of("GLBX.MDP3", SType.RAW_SYMBOL, "ZC:BF N4-U4-Z4", "2024-01-30");
    assertThat(
        legs.stream().map(d -> d.text(DefinitionField.LEG_RAW_SYMBOL)).toList(),
        contains("ZCN4", "ZCU4", "ZCZ4"));
    assertThat(legs.stream().map(DefinitionRecord::legIndex).toList(), contains(0, 1, 2));
    assertThat(
        legs.stream().map(DefinitionRecord::instrumentClass).toList(), contains('S', 'S', 'S'));
    DefinitionQuery query =
        MARKET.definitions(
            Dataset.GLBX,
            SType.RAW_SYMBOL,
            List.of("ZC:BF N4-U4-Z4"),
            ns("2024-01-30"),
            ns("2024-01-31"));
    assertThat(query.count(true), is(3L));
    assertThat(query.count(false), is(1L));
  }

  @Test
  void otherVenuesHaveTheirOwnFields() {
    DefinitionRecord coffee = first("IFUS.IMPACT", SType.CONTINUOUS, "KC.c.0", "2024-06-06");
    assertThat(coffee.rawSymbol(), is("KC  FMN0024!"));
    assertThat(coffee.header().tsEvent(), is(0L));
    assertThat(coffee.header().publisherId(), is(97));
    assertThat(coffee.activation(), is(-1L));
    assertThat(coffee.displayFactor(), is(Long.MAX_VALUE));
    assertThat(coffee.maturityDay() < 32, is(true));
    DefinitionRecord vix = first("XCBF.PITCH", SType.RAW_SYMBOL, "VX/M4", "2024-06-06");
    assertThat(vix.exchange(), is("XCBF"));
    assertThat(vix.contractMultiplier(), is(1000));
  }

  @Test
  void theSnapshotOfAMidnightHoldsWhatIsListedThen() {
    List<DefinitionRecord> day = of("GLBX.MDP3", SType.PARENT, "OZL.OPT", "2024-03-12");
    Set<String> snapshot = new TreeSet<>();
    for (DefinitionRecord d : day) {
      if (d.tsRecv() == ns("2024-03-12")) {
        assertThat(d.activation() < d.tsRecv(), is(true));
        assertThat(snapshot.add(d.rawSymbol()), is(true));
      } else {
        assertThat(d.securityUpdateAction() == 'A', is(d.activation() == d.tsRecv()));
      }
    }
    Set<String> next = new TreeSet<>(snapshot);
    day.stream()
        .filter(d -> d.tsRecv() != ns("2024-03-12"))
        .filter(d -> d.securityUpdateAction() == 'A')
        .forEach(d -> next.add(d.rawSymbol()));
    Set<String> tomorrow = new TreeSet<>();
    of("GLBX.MDP3", SType.PARENT, "OZL.OPT", "2024-03-13").stream()
        .filter(d -> d.tsRecv() == ns("2024-03-13"))
        .forEach(d -> tomorrow.add(d.rawSymbol()));
    assertThat(tomorrow, equalTo(next));
    assertThat(of("GLBX.MDP3", SType.RAW_SYMBOL, "ZLH4", "2024-01-06"), is(empty())); // a Saturday
  }

  @Test
  void expirationsAreCorrectedNowAndThenAndTheLaterOneHolds() {
    Map<String, List<DefinitionRecord>> byName = new TreeMap<>();
    for (DefinitionRecord d :
        MARKET.definitions(
            "GLBX.MDP3", SType.PARENT, "OZC.OPT", ns("2023-01-01"), ns("2024-01-01"))) {
      byName.computeIfAbsent(d.rawSymbol(), k -> new ArrayList<>()).add(d);
    }
    int corrected = 0;
    int deleted = 0;
    for (List<DefinitionRecord> life : byName.values()) {
      boolean modified = false;
      for (int i = 0; i < life.size(); i++) {
        DefinitionRecord d = life.get(i);
        boolean changes = i > 0 && d.expiration() != life.get(i - 1).expiration();
        assertThat(changes && d.securityUpdateAction() != 'M', is(false));
        modified |= changes;
        if (d.securityUpdateAction() == 'D') {
          deleted++;
          assertThat(i, is(life.size() - 1));
          assertThat(d.tsRecv() >= d.expiration(), is(true));
          assertThat(d.tsRecv() < d.expiration() + DAY / 24, is(true));
        }
      }
      corrected += modified ? 1 : 0;
    }
    assertThat(corrected, is(greaterThan(8)));
    assertThat(deleted, is(greaterThan(byName.size() / 2)));
  }

  @Test
  void twoSymbolsForOneInstrumentGiveItOnce() {
    List<DefinitionRecord> both =
        MARKET
            .definitions(
                Dataset.GLBX,
                SType.CONTINUOUS,
                List.of("ES.c.0", "ES.v.0", "ES.n.0"),
                ns("2024-01-30"),
                ns("2024-01-31"))
            .toList();
    assertThat(both, equalTo(of("GLBX.MDP3", SType.RAW_SYMBOL, "ESH4", "2024-01-30")));
  }

  @Test
  void aContractIsKnownByItsIdInItsDaysOnly() {
    DefinitionRecord old = first("GLBX.MDP3", SType.RAW_SYMBOL, "ESH6", "2016-01-05");
    String id = Long.toString(old.header().instrumentId());
    assertThat(first("GLBX.MDP3", SType.INSTRUMENT_ID, id, "2016-01-05").rawSymbol(), is("ESH6"));
    assertThat(first("GLBX.MDP3", SType.INSTRUMENT_ID, id, "2022-01-05").rawSymbol(), is("ESH3"));
  }
}
