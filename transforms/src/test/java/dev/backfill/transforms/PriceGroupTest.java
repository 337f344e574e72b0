package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PriceGroupTest {
  private static Coverage gaps(long... edges) {
    Coverage all = Coverage.of(List.of());
    for (int i = 0; i < edges.length; i += 2) {
      all = all.union(Coverage.of(new Interval(edges[i], edges[i + 1])));
    }
    return all;
  }

  @Test
  void symbolsThatMissTheSameAreOneExactGroup() {
    List<PriceGroup> groups =
        PriceGroup.of(Map.of("A", gaps(0, 10), "B", gaps(0, 10), "C", gaps(0, 10)), 6, 2_000);
    assertThat(groups, hasSize(1));
    assertThat(groups.get(0).symbols(), contains("A", "B", "C"));
    assertThat(groups.get(0).isExact(), is(true));
    assertThat(groups.get(0).wantedPart(), is(1.0));
  }

  @Test
  void theServicesLimitOfSymbolsIsKept() {
    List<PriceGroup> groups =
        PriceGroup.of(Map.of("A", gaps(0, 10), "B", gaps(0, 10), "C", gaps(0, 10)), 6, 2);
    assertThat(
        groups.stream().map(PriceGroup::symbols).toList(),
        contains(List.of("A", "B"), List.of("C")));
    assertThat(groups.stream().allMatch(PriceGroup::isExact), is(true));
  }

  @Test
  void thoseAreJoinedThatAskAboutTheLeastThatIsNotWanted() {
    List<PriceGroup> groups =
        PriceGroup.of(
            new TreeMap<>(Map.of("A", gaps(0, 10), "B", gaps(1, 10), "C", gaps(1_000, 2_000))),
            2,
            2_000);
    assertThat(
        groups.stream().map(PriceGroup::symbols).toList(),
        contains(List.of("A", "B"), List.of("C")));
    assertThat(groups.get(0).wantedPart(), closeTo(19 / 20.0, 1e-9));
    assertThat(groups.get(0).isExact(), is(false));
  }

  @Test
  void howeverScatteredTheGapsAreTheyAreFewAndNothingIsForgotten() {
    Random random = new Random(4);
    for (int round = 0; round < 50; round++) {
      Map<String, Coverage> asked = new TreeMap<>();
      double wanted = 0;
      for (int s = 0; s < 1 + random.nextInt(60); s++) {
        Coverage gaps = Coverage.of(List.of());
        for (int g = 0; g < 1 + random.nextInt(40); g++) {
          long start = random.nextInt(10_000);
          gaps = gaps.union(gaps(start, start + 1 + random.nextInt(300)));
        }
        asked.put("S" + s, gaps);
        wanted += gaps.intervals().stream().mapToDouble(i -> i.endNs() - i.startNs()).sum();
      }
      List<PriceGroup> groups = PriceGroup.of(asked, 6, 2_000);
      assertThat(groups.size(), lessThanOrEqualTo(6));
      assertThat(groups.stream().mapToDouble(PriceGroup::wanted).sum(), closeTo(wanted, 1e-3));
      assertThat(groups.stream().allMatch(g -> g.wantedPart() > 0), is(true));
      asked.forEach(
          (symbol, gaps) ->
              gaps.intervals()
                  .forEach(
                      gap ->
                          assertThat(
                              symbol + " " + gap,
                              groups.stream()
                                  .anyMatch(
                                      g ->
                                          g.symbols().contains(symbol)
                                              && g.range().startNs() <= gap.startNs()
                                              && g.range().endNs() >= gap.endNs()),
                              is(true))));
    }
  }
}
