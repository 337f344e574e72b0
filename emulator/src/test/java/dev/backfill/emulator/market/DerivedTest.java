package dev.backfill.emulator.market;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a market keeps beside its bars does not grow with what is asked, and nobody sees it. */
class DerivedTest {
  private static final int FIRST_YEAR = 2010;
  private static final int LAST_YEAR = 2025;
  private static final Map<String, Product> PRODUCTS =
      Products.load().stream()
          .filter(p -> p.dataset().equals("GLBX.MDP3"))
          .collect(Collectors.toMap(Product::root, p -> p));

  private static Product product(String root) {
    return PRODUCTS.get(root);
  }

  @Test
  void whatWasNotUsedForLongestIsForgotten() {
    Recent<String, Integer> recent = new Recent<>(2);
    recent.keep("a", 1);
    recent.keep("b", 2);
    recent.find("a");
    recent.keep("c", 3);
    assertThat(recent.size(), equalTo(2));
    assertThat(recent.find("a"), equalTo(1));
    assertThat(recent.find("b"), nullValue());
    assertThat(recent.find("c"), equalTo(3));
  }

  @Test
  void aYearThatWasForgottenHasTheSamePrices() {
    Derived few = Derived.of(3, 3);
    PricePath path = new PricePath(product("ZL"), 1, few);
    PricePath other = new PricePath(product("CL"), 1, few);
    List<double[]> first = new ArrayList<>();
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
      first.add(path.ofYear(year));
      other.ofYear(year);
      assertThat(few.levels().size() <= 3, equalTo(true));
    }
    for (int year = LAST_YEAR; year >= FIRST_YEAR; year--) {
      assertThat(path.ofYear(year), equalTo(first.get(year - FIRST_YEAR)));
    }
    // However they are asked for: the last year of a new path before all others.
    PricePath fresh = new PricePath(product("ZL"), 1, Derived.usual());
    for (int year : new int[] {LAST_YEAR, 2012, FIRST_YEAR, 2020}) {
      assertThat(fresh.ofYear(year), equalTo(first.get(year - FIRST_YEAR)));
    }
    assertThat(few.levels().size(), equalTo(3));
  }

  @Test
  void aMonthOfOptionsThatWasForgottenListsTheSame() {
    Derived few = Derived.of(100, 3);
    OptionSpec spec =
        OptionSpec.load().stream().filter(s -> s.root().equals("OZL")).findFirst().orElseThrow();
    ProductMarket futures = new ProductMarket(product("ZL"), 1, few);
    OptionChain chain = new OptionMarket(spec, futures, 1, few).chain();
    List<OptionChain.Month> months = chain.months(0, Integer.MAX_VALUE);
    assertThat(months.size(), greaterThan(100));
    List<List<Option>> first = months.stream().map(chain::options).toList();
    assertThat(few.options().size(), equalTo(3));
    assertThat(months.stream().map(chain::options).toList(), equalTo(first));
    assertThat(few.options().size(), equalTo(3));
  }

  @Test
  void allProductsOverAllYearsStayWithinTheBound() {
    Market market = Market.of(1, 0);
    int asked = 0;
    for (String root : market.roots(Dataset.GLBX).subList(0, 50)) {
      for (int year = 2012; year <= LAST_YEAR; year++) {
        // A day of each year does.
        market.bars(
            "GLBX.MDP3",
            BarSize.SECOND,
            SType.CONTINUOUS,
            root + ".v.0",
            MarketTest.ns(year + "-03-06T15:00:00Z"),
            MarketTest.ns(year + "-03-06T15:00:01Z"));
        asked++;
      }
    }
    assertThat(asked, greaterThan(512));
    assertThat(market.derived().levels().size(), equalTo(512));
  }
}
