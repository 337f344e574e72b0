package dev.backfill.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The interval algebra, checked against sets of single instants. */
class CoverageTest {
  private static final int SPAN = 64;

  @Provide
  Arbitrary<Coverage> coverages() {
    Arbitrary<Interval> intervals =
        Combinators.combine(
                Arbitraries.integers().between(0, SPAN - 1), Arbitraries.integers().between(1, 20))
            .as((start, length) -> new Interval(start, Math.min(SPAN, start + length)));
    return intervals.list().ofMaxSize(8).map(Coverage::of);
  }

  @Property(tries = 300)
  void minusIsTheDifferenceOfTheSets(
      @ForAll("coverages") Coverage a, @ForAll("coverages") Coverage b) {
    BitSet expected = bits(a);
    expected.andNot(bits(b));
    assertThat(bits(a.minus(b)), equalTo(expected));
  }

  @Property(tries = 300)
  void unionAndIntersectionAreThoseOfTheSets(
      @ForAll("coverages") Coverage a, @ForAll("coverages") Coverage b) {
    BitSet either = bits(a);
    either.or(bits(b));
    BitSet both = bits(a);
    both.and(bits(b));
    assertThat(bits(a.union(b)), equalTo(either));
    assertThat(bits(a.intersect(b)), equalTo(both));
    assertThat(a.union(b).covers(a), is(true));
  }

  @Property(tries = 300)
  void wantedIsWhatIsLeftAndWhatIsThere(
      @ForAll("coverages") Coverage wanted,
      @ForAll("coverages") Coverage covered,
      @ForAll("coverages") Coverage landed) {
    Coverage toAsk = wanted.minus(covered).minus(landed);
    Coverage there = covered.union(landed).intersect(wanted);
    assertThat(toAsk.intersect(there), equalTo(Coverage.NONE));
    assertThat(toAsk.union(there), equalTo(wanted));
  }

  @Property(tries = 300)
  void intervalsAreSortedAndDoNotTouch(@ForAll("coverages") Coverage a) {
    for (int i = 1; i < a.intervals().size(); i++) {
      assertThat(a.intervals().get(i - 1).endNs() < a.intervals().get(i).startNs(), is(true));
    }
  }

  @Property(tries = 300)
  void piecesNeverOverlapAndAreTheWhole(
      @ForAll("coverages") Coverage a, @ForAll @IntRange(min = 1, max = 30) int length) {
    List<Interval> pieces = a.cut(length);
    long sum = 0;
    for (Interval piece : pieces) {
      assertThat(piece.endNs() - piece.startNs() <= length, is(true));
      sum += piece.endNs() - piece.startNs();
    }
    assertThat((double) sum, equalTo(a.lengthNs()));
    assertThat(Coverage.of(pieces), equalTo(a));
  }

  @Property(tries = 300)
  void piecesAreCutBetweenWholeIntervalsOnly(
      @ForAll("coverages") Coverage a,
      @ForAll @IntRange(min = 1, max = 8) int edge,
      @ForAll @IntRange(min = 1, max = 5) int edges) {
    List<Interval> pieces = a.cut((long) edge * edges, edge);
    assertThat(Coverage.of(pieces), equalTo(a));
    assertThat(
        (double) pieces.stream().mapToLong(p -> p.endNs() - p.startNs()).sum(), is(a.lengthNs()));
    for (Interval piece : pieces) {
      assertThat(piece.endNs() - piece.startNs() <= (long) edge * edges, is(true));
      boolean ownEnd = a.intervals().stream().anyMatch(i -> i.endNs() == piece.endNs());
      assertThat(ownEnd || piece.endNs() % edge == 0, is(true));
    }
    assertThat(a.cut((long) edge * edges, edge), equalTo(pieces));
  }

  @Property(tries = 300)
  void wholeIntervalsAreThoseThatLieInside(
      @ForAll("coverages") Coverage a, @ForAll @IntRange(min = 1, max = 8) int edge) {
    BitSet inside = bits(a);
    BitSet whole = new BitSet(SPAN);
    for (int from = 0; from + edge <= SPAN; from += edge) {
      if (inside.nextClearBit(from) >= from + edge) {
        whole.set(from, from + edge);
      }
    }
    assertThat(bits(a.whole(edge)), equalTo(whole));
  }

  @Test
  void touchingIntervalsBecomeOne() {
    assertThat(
        Coverage.of(new Interval(5, 9), new Interval(1, 5), new Interval(12, 13)).intervals(),
        contains(new Interval(1, 9), new Interval(12, 13)));
  }

  @Test
  void anEmptyIntervalIsRefusedWithItsTimes() {
    IllegalArgumentException e =
        Assertions.assertThrows(
            IllegalArgumentException.class, () -> new Interval(Times.DAY_NS, Times.DAY_NS));
    assertThat(
        e.getMessage(),
        equalTo("An interval must end after it starts: start 1970-01-02, end 1970-01-02"));
  }

  private static BitSet bits(Coverage coverage) {
    BitSet bits = new BitSet(SPAN);
    for (Interval i : new ArrayList<>(coverage.intervals())) {
      bits.set((int) i.startNs(), (int) i.endNs());
    }
    return bits;
  }
}
