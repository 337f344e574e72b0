package dev.backfill.pipelines.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.ProcessLock;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

  @Test
  void aLandingThatIsNotThereYetIsTakenBeforeAnythingIsAsked() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      RunContext run = context(desk);
      try (LandingLock first = LandingLock.take(run)) {
        assertThat(Files.exists(desk.landing()), is(false));
        first.beforeLanding();
        assertThat(desk.run(job("ZL.v.0", BarSize.DAY)), is(5));
        assertThat(desk.said(), containsString("is being landed in"));
        assertThat(desk.billedRequests(), is(0L));
      }
      assertThat(desk.run(job("ZL.v.0", BarSize.DAY)), is(0));
    }
  }

  private static RunContext context(Desk desk) throws IOException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    Console console = new Console(nowhere, nowhere, Console.Mode.NORMAL, false, false);
    return RunContext.begin(
        desk.options(job("ZL.v.0", BarSize.DAY)),
        console,
        Clock.systemUTC(),
        RetryPolicy.forData());
  }
}
