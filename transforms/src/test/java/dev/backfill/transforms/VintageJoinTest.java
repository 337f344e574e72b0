package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VintageJoinTest {
  private final VintageJoin join = new VintageJoin();
  private final List<String> rows = new ArrayList<>();

  private void take(int date, int start, int end, @Nullable Double value, int periodEnd) {
    join.take(new VintageJoin.Known(date, start, end, value), periodEnd, this::row);
  }

  private void row(int date, int start, int end, double value) {
    rows.add(date + ": " + start + "-" + end + " " + value);
  }

  private List<String> all() {
    join.drain(this::row);
    return rows;
  }

  @Test
  void whatIsKnownOnBothSidesOfAnEdgeIsOneRow() {
    take(1, 10, 19, 1.5, 99);
    take(1, 20, 99, 2.5, 99);
    take(2, 50, 99, 7.0, 99);
    take(1, 100, 199, 2.5, 199);
    take(2, 100, 149, 7.0, 199);
    take(2, 150, 199, 8.0, 199);
    take(1, 200, 299, 2.5, 299);
    take(2, 200, 299, 8.0, 299);
    assertThat(
        all(), is(List.of("1: 10-19 1.5", "2: 50-149 7.0", "1: 20-299 2.5", "2: 150-299 8.0")));
  }

  @Test
  void whatChangesAtAnEdgeIsTwoRows() {
    take(1, 10, 99, 1.5, 99);
    take(1, 100, 199, 2.5, 199);
    assertThat(all(), is(List.of("1: 10-99 1.5", "1: 100-199 2.5")));
  }

  @Test
  void whatThereIsNoValueForIsKnowledgeAndNoRow() {
    take(1, 10, 99, null, 99);
    take(2, 10, 99, 4.0, 99);
    take(1, 100, 149, null, 199);
    take(1, 150, 199, 3.0, 199);
    take(2, 100, 199, null, 199);
    assertThat(all(), is(List.of("2: 10-99 4.0", "1: 150-199 3.0")));
  }

  @Test
  void whatWasWithdrawnForAWhileIsTwoRows() {
    take(1, 10, 99, 1.5, 99);
    take(1, 120, 199, 1.5, 199);
    assertThat(all(), is(List.of("1: 10-99 1.5", "1: 120-199 1.5")));
  }
}
