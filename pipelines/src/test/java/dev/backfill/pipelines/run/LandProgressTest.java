package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that only lands says how far it is, to who watches and to who asks. */
class LandProgressTest {
  @TempDir Path folder;

  @Test
  void landShowsItsProgressAndStatusSeesIt() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.delay(1_500).on("timeseries.get_range").times(2));
      Job job =
          Desk.job(BarSize.DAY, List.of("ZL.v.0", "CL.v.0"), "2024-01-01", "2024-02-01", 1, 400);
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Console terminal = console(new ByteArrayOutputStream(), err, false, true);
      CompletableFuture<Integer> landing =
          CompletableFuture.supplyAsync(() -> land(desk, job, terminal));

      Beat beat = firstWithFigures(desk, landing);
      assertThat(beat.figures().chunksAsked(), is(2));
      assertThat(beat.figures().rowsExpected(), is(0L));
      assertThat(beat.isAlive(Instant.now()), is(true));
      assertThat(desk.status(true), is(0));
      JsonNode told = new ObjectMapper().readTree(desk.printed()).path("landing");
      assertThat(told.size(), is(1));
      assertThat(told.get(0).path("state").asText(), is("running"));
      assertThat(told.get(0).path("job").asText(), is("test-job"));
      desk.status(false);
      assertThat(desk.printed(), containsString("running: land " + beat.runId() + " (test-job, "));

      assertThat(landing.get(60, TimeUnit.SECONDS), is(0));
      String shown = err.toString(StandardCharsets.UTF_8);
      assertThat(shown, matchesPattern("(?s).*\rlanded [01] of 2 chunks, \\$0\\.00 \\(.*"));
      assertThat(shown, not(containsString("loaded 0 of 0")));
      assertThat("it takes its word away", Beat.ofLanding(desk.place()), is(List.of()));
      assertThat(desk.status(false), is(2));
      assertThat(desk.said(), containsString("There is no database"));
    }
  }

  @Test
  void aLandingIsHalfDoneWhenHalfHasLanded() {
    RunFigures half = new RunFigures(5, 10, 0, 0, 5, 100, 0.5);
    assertThat(half.share(), is(0.5));
    assertThat(
        half.line(Duration.ofSeconds(10)), is("landed 5 of 10 chunks, $0.50 (10 s, 10 s left)"));
  }

  private static int land(Desk desk, Job job, Console console) {
    try {
      return new BackfillActions(Clock.systemUTC(), RetryPolicy.forData())
          .land(List.of(desk.options(job)), console);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Console console(
      ByteArrayOutputStream out, ByteArrayOutputStream err, boolean json, boolean terminal) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Console.Mode.NORMAL,
        json,
        terminal);
  }

  private static Beat firstWithFigures(Desk desk, CompletableFuture<Integer> landing)
      throws InterruptedException {
    while (!landing.isDone()) {
      List<Beat> beats = Beat.ofLanding(desk.place());
      if (!beats.isEmpty() && beats.get(0).figures() != null) {
        return beats.get(0);
      }
      Thread.sleep(5);
    }
    throw new AssertionError("it landed without a word");
  }
}
