package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpendLimitTest {
  @Test
  void processesShareWhatMayBeLost() {
    SpendLimit share = new SpendLimit(10, 4, 1_000, 401).share(4);
    assertThat(share.maxUsd(), closeTo(5.5, 1e-12));
    assertThat(share.plannedUsd(), equalTo(4.0));
    assertThat(share.maxBytes(), equalTo(550L));
    assertThat(share.plannedBytes(), equalTo(401L));
  }

  @Test
  void oneProcessHasAllOfIt() {
    SpendLimit limit = new SpendLimit(10, 4, 1_000, 400);
    assertThat(limit.share(1), equalTo(limit));
    assertThrows(IllegalArgumentException.class, () -> limit.share(0));
  }

  @Test
  void noLimitHasNoShares() {
    assertThat(SpendLimit.NONE.share(8), equalTo(SpendLimit.NONE));
    SpendLimit bytesOnly = new SpendLimit(Double.POSITIVE_INFINITY, 3, 100, 60);
    assertThat(bytesOnly.share(2), equalTo(new SpendLimit(Double.POSITIVE_INFINITY, 3, 80, 60)));
  }
}
