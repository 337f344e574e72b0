package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@code load --as-of} goes by the order of these names. */
class RunIdsTest {
  @Test
  void runsOfOneSecondSortByTimeToo() {
    Instant second = Instant.parse("2031-05-06T07:08:09Z");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // Each moment twice: a clock may stand still.
      ids.add(RunIds.next(second.plusMillis(i / 2 * 10)));
    }
    assertThat(List.copyOf(new TreeSet<>(ids)), equalTo(ids));
    ids.forEach(id -> assertThat(id, matchesPattern("20310506T070809-[0-9a-f]{4}")));
    assertThat(RunIds.next(Instant.parse("2024-01-01T00:00:00Z")), equalTo("20240101T000000-0000"));
  }
}
