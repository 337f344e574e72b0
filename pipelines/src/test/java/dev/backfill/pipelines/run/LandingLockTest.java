package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.ProcessLock;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One landing, several databases: the same is not planned and bought by two at once. */
class LandingLockTest {
  private static Job job(String symbol, BarSize size) {
    return Desk.job(size, List.of(symbol), "2024-01-01", "2024-02-01", 1, 400);
  }

  @TempDir Path folder;

  @Test
  void whatAnotherLandsIsNotLandedBesideIt() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job("ZS.v.0", BarSize.DAY)), is(0));
      long bought = desk.billedRequests();
      Path file = desk.landing().toRealPath().resolve("databento-GLBX.MDP3-ohlcv-1d.lock");
      try (ProcessLock other = ProcessLock.acquire(file, Holder.self("land other"))) {
        assertThat(desk.run(job("ZL.v.0", BarSize.DAY)), is(5));
        assertThat(desk.said(), containsString("is being landed in"));
        assertThat(desk.said(), containsString("(land other), since 20"));
        assertThat(desk.billedRequests(), is(bought));
        assertThat(desk.run(job("ZL.v.0", BarSize.HOUR)), is(0));
        other.close();
      }
      assertThat(desk.run(job("ZL.v.0", BarSize.DAY)), is(0));
    }
  }
}
