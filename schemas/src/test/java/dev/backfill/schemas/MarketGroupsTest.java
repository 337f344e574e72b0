package dev.backfill.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The groups know the catalogue's products. */
class MarketGroupsTest {
  private final MarketGroups groups = MarketGroups.load();
  private final List<Catalog.Product> products = Catalog.load().products();

  @Test
  void everyAssetClassHasATitle() {
    assertThat(
        products.stream().map(Catalog.Product::assetClass).distinct().toList(),
        everyItem(is(in(groups.assetClasses()))));
    assertThat(groups.title("oilseeds"), is("Soy Complex"));
    assertThat(groups.calendar("oilseeds"), is("grains"));
    assertThat(groups.title("weather"), is("weather"));
    assertThat(groups.calendar("weather"), is("weather"));
  }

  @Test
  void whatMayLieBelowZeroSaysWhy() {
    assertThat(
        products.stream()
            .map(Catalog.Product::root)
            .filter(root -> groups.belowZero(root).isPresent())
            .sorted()
            .toList(),
        contains(
            "10Y", "2YY", "30Y", "5YY", "BZ", "CL", "HO", "MCL", "NG", "QG", "QH", "QM", "QU",
            "RB"));
    assertThat(groups.belowZero("CL").orElseThrow().startsWith("traded at -37.63"), is(true));
    assertThat(groups.belowZero("ZL"), is(Optional.empty()));
  }
}
