package dev.backfill.emulator.market;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SymbologyTest {
  private static final Market MARKET = Market.of(1);

  private static Resolution resolve(SType in, SType out, String from, String to, String... names) {
    return MARKET.resolve(
        Dataset.GLBX, in, out, List.of(names), LocalDate.parse(from), LocalDate.parse(to));
  }

  private static List<MappingInterval> ids(SType in, String from, String to, String name) {
    return resolve(in, SType.INSTRUMENT_ID, from, to, name).result().get(name);
  }

  @Test
  void aContinuousSymbolHasAdjoiningIntervals() {
    List<MappingInterval> list = ids(SType.CONTINUOUS, "2024-01-02", "2025-01-02", "ES.v.0");
    assertThat(list.size(), is(greaterThan(3)));
    assertThat(list.get(0).start(), is(LocalDate.parse("2024-01-02")));
    for (int i = 1; i < list.size(); i++) {
      assertThat(list.get(i).start(), is(list.get(i - 1).end()));
      assertThat(list.get(i).symbol(), is(not(list.get(i - 1).symbol())));
    }
    assertThat(list.get(list.size() - 1).end(), is(LocalDate.parse("2025-01-02")));
  }

  @Test
  void aNameComesBackTenYearsLaterForAnotherInstrument() {
    List<MappingInterval> list = ids(SType.RAW_SYMBOL, "2015-06-01", "2017-06-01", "ESH6");
    assertThat(list.size(), is(2));
    assertThat(list.get(0).end(), is(LocalDate.parse("2016-03-19")));
    assertThat(list.get(0).symbol(), is(not(list.get(1).symbol())));
  }

  @Test
  void anIdComesBackYearsLaterForAnotherContract() {
    String id = ids(SType.RAW_SYMBOL, "2016-03-01", "2016-03-02", "ESH6").get(0).symbol();
    List<MappingInterval> lives =
        resolve(SType.INSTRUMENT_ID, SType.RAW_SYMBOL, "2010-06-06", "2025-12-01", id)
            .result()
            .get(id);
    assertThat(
        lives.stream().map(MappingInterval::symbol).toList(), contains("ESH6", "ESH3", "ESH0"));
    for (int i = 1; i < lives.size(); i++) {
      assertThat(lives.get(i).start().isBefore(lives.get(i - 1).end()), is(false));
    }
  }

  @Test
  void noTwoContractsHaveOneIdOnADay() {
    Map<String, String> byId = new TreeMap<>();
    for (String root : MARKET.roots(Dataset.GLBX)) {
      Resolution listed;
      try {
        listed =
            resolve(SType.PARENT, SType.INSTRUMENT_ID, "2022-06-01", "2022-06-02", root + ".FUT");
      } catch (SymbolException e) {
        continue;
      }
      listed
          .result()
          .forEach(
              (name, list) ->
                  assertThat(name, byId.put(list.get(0).symbol(), name), is((String) null)));
    }
    assertThat(byId.size(), is(greaterThan(1000)));
  }

  @Test
  void aParentGivesItsContractsByTheirNames() {
    Resolution r = resolve(SType.PARENT, SType.INSTRUMENT_ID, "2025-12-01", "2025-12-10", "ES.FUT");
    assertThat(r.result().containsKey("ESZ5"), is(true));
    assertThat(r.result().containsKey("ESU5"), is(false));
    assertThat(r.result().containsKey("ES.FUT"), is(false));
  }

  @Test
  void partialAndUnknownSymbolsAreTold() {
    Resolution r =
        resolve(
            SType.CONTINUOUS,
            SType.INSTRUMENT_ID,
            "2013-01-01",
            "2014-06-01",
            "KE.v.0",
            "LB.v.0",
            "ZW.v.0");
    assertThat(r.partial(), contains("KE.v.0"));
    assertThat(r.notFound(), contains("LB.v.0"));
    assertThat(r.result().get("LB.v.0"), is(empty()));
    assertThat(r.result().get("KE.v.0").get(0).start(), is(LocalDate.parse("2013-12-16")));
  }

  @Test
  void yieldsAreMappedBeforeTheyTrade() {
    assertThat(
        resolve(SType.CONTINUOUS, SType.INSTRUMENT_ID, "2015-01-01", "2016-01-01", "10Y.v.0")
            .partial(),
        is(empty()));
  }

  @Test
  void eurodollarsResolveOnlyWhileTheyLived() {
    assertThat(
        resolve(SType.CONTINUOUS, SType.INSTRUMENT_ID, "2024-01-01", "2024-02-01", "GE.v.0")
            .notFound(),
        contains("GE.v.0"));
  }

  @Test
  void theMayContractOf2020StaysInFrontUntilItHasCrashed() {
    List<MappingInterval> list = ids(SType.CONTINUOUS, "2020-04-20", "2020-04-22", "CL.v.0");
    String may = ids(SType.RAW_SYMBOL, "2020-04-20", "2020-04-21", "CLK0").get(0).symbol();
    String june = ids(SType.RAW_SYMBOL, "2020-04-20", "2020-04-21", "CLM0").get(0).symbol();
    assertThat(list.stream().map(MappingInterval::symbol).toList(), equalTo(List.of(may, june)));
  }

  @Test
  void ranksAreDifferentContracts() {
    for (String rule : List.of("c", "n", "v")) {
      List<String> ids =
          List.of(0, 1, 2).stream()
              .map(
                  rank ->
                      ids(SType.CONTINUOUS, "2023-08-08", "2023-08-09", "SR3." + rule + "." + rank)
                          .get(0)
                          .symbol())
              .distinct()
              .toList();
      assertThat(rule, ids.size(), is(3));
    }
  }

  @Test
  void aFormThatDoesNotFitIsRefused() {
    SymbolException form =
        assertThrows(
            SymbolException.class,
            () -> resolve(SType.PARENT, SType.INSTRUMENT_ID, "2024-01-01", "2024-01-02", "RB"));
    assertThat(form.reason(), is(SymbolException.Reason.FORM));
    assertThat(form.getMessage(), containsString("ROOT.FUT"));
    SymbolException parent =
        assertThrows(
            SymbolException.class,
            () -> resolve(SType.PARENT, SType.INSTRUMENT_ID, "2024-01-01", "2024-01-02", "LB.FUT"));
    assertThat(parent.reason(), is(SymbolException.Reason.PARENT));
    assertThrows(
        SymbolException.class,
        () -> resolve(SType.CONTINUOUS, SType.INSTRUMENT_ID, "2024-01-01", "2024-01-02", "ES"));
    assertThrows(
        SymbolException.class,
        () -> resolve(SType.INSTRUMENT_ID, SType.RAW_SYMBOL, "2024-01-01", "2024-01-02", "ES"));
  }
}
