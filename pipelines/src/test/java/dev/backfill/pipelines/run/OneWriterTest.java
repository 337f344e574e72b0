package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and one database: one writes, the others wait or are told, all end well. */
class OneWriterTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Job SMALL =
      Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-02-01", 1, 400);

  @TempDir Path folder;

  private Desk slowDesk() {
    return Desk.in(folder, EmulatorConfig.builder().latency(Duration.ofMillis(500)));
  }

  private static void await(Process child, BooleanSupplier moment)
      throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + LONG.toNanos();
    while (!moment.getAsBoolean()) {
      if (!child.isAlive() || System.nanoTime() > giveUp) {
        child.destroyForcibly();
        throw new IOException(
            "it did not come: " + new String(child.getInputStream().readAllBytes()));
      }
      Thread.sleep(5);
    }
  }

  private boolean isLanding() {
    return Beat.read(folder.resolve("my.duckdb"))
        .filter(beat -> beat.phase().equals("running") && beat.figures() != null)
        .isPresent();
  }

  @Test
  void aSecondRunIsToldOfTheFirstAtOnceOrWaitsForIt() throws Exception {
    try (Desk desk = slowDesk()) {
      desk.api();
      Process first = Child.start("run", folder.toString(), desk.emulator.url());
      try {
        await(first, this::isLanding);

        long asked = System.nanoTime();
        assertThat(desk.run(SMALL), is(5));
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        assertThat("at once", took, is(lessThan(Duration.ofSeconds(2))));
        assertThat(desk.said(), containsString("PID " + first.pid() + " on "));
        assertThat(desk.said(), containsString("(run test-job "));
        assertThat(desk.said(), containsString(", since 20"));

        assertThat(desk.status(false), is(0));
        assertThat(desk.printed(), startsWith("running: run "));
        assertThat(desk.printed(), containsString("PID " + first.pid() + " on "));
        assertThat(desk.printed(), containsString(" of 24 chunks"));
        assertThat(desk.status(true), is(0));
        JsonNode running = new ObjectMapper().readTree(desk.printed()).path("running");
        assertThat(running.path("state").asText(), is("running"));
        assertThat(running.path("chunks_asked").asInt(), is(24));
        assertThat(running.path("pid").asLong(), is(first.pid()));

        int code = desk.run(desk.waiting(Child.JOB, LONG));
        assertThat(desk.said(), code, is(0));
        assertThat(desk.said(), containsString("Waiting for PID " + first.pid()));
        assertThat(desk.printed(), containsString("nothing to do"));
        assertThat(first.waitFor(), is(0));
        assertThat(desk.billedRequests(), is(24L));
      } finally {
        first.destroyForcibly().waitFor();
      }
      assertThat(Files.exists(Beat.file(desk.database())), is(false));
      assertThat(desk.status(false), is(0));
      assertThat(desk.printed(), not(containsString("running:")));
    }
  }

  @Test
  void aNotebookIsWaitedForAMinuteOrAsLongAsIsAsked() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(SMALL), is(0));
      long bought = desk.billedRequests();
      Job more = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 400);
      Process notebook = Child.notebook(folder);
      try {
        assertThat(desk.run(SMALL), is(0));
        assertThat(desk.run(desk.waiting(more, Duration.ofSeconds(3))), is(5));
        assertThat(
            desk.said(),
            containsString("is being read by another process (PID " + notebook.pid() + " on "));
        assertThat(desk.said(), containsString(", since 20"));
        assertThat(desk.said(), not(containsString("One process at a time may write it")));
        assertThat(desk.billedRequests(), equalTo(bought));

        CompletableFuture<Void> reading =
            CompletableFuture.runAsync(
                () -> {
                  // Until the run says that it waits, so that it does.
                  while (!desk.said().contains("Waiting for PID " + notebook.pid())) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                  }
                  notebook.destroy();
                });
        int code = desk.run(more);
        assertThat(desk.said(), code, is(0));
        reading.join();
      } finally {
        notebook.destroyForcibly().waitFor();
      }
      assertThat(
          TableRows.query(
              desk.database(), "SELECT count(DISTINCT symbol) FROM raw.databento_futures_ohlcv_1d"),
          equalTo(List.of("2")));
    }
  }

  @Test
  void whoIsKilledLeavesNoLockAndIsShownAsStopped() throws Exception {
    try (Desk desk = slowDesk()) {
      desk.api();
      Process first = Child.start("run", folder.toString(), desk.emulator.url());
      await(first, this::isLanding);
      first.destroyForcibly().waitFor();

      assertThat(desk.status(false), is(0));
      assertThat(desk.printed(), startsWith("stopped: run "));
      assertThat(desk.status(true), is(0));
      assertThat(
          new ObjectMapper().readTree(desk.printed()).at("/running/state").asText(), is("stopped"));

      int code = desk.run(Child.JOB);
      assertThat(desk.said(), code, is(0));
      assertThat(Files.exists(Beat.file(desk.database())), is(false));
    }
  }

  @Test
  void aBeatOfAnotherProcessOfTheSameNumberIsNone() throws IOException {
    Beat mine =
        new Beat(
            ProcessHandle.current().pid(),
            dev.backfill.io.lock.Holder.thisHost(),
            Instant.EPOCH,
            "r",
            "j",
            Instant.EPOCH,
            Instant.EPOCH,
            "planning",
            null,
            null,
            null);
    Path database = folder.resolve("a.duckdb");
    mine.write(database);
    assertThat(Beat.read(database), equalTo(java.util.Optional.of(mine)));
    assertThat(mine.isAlive(Instant.EPOCH), is(false));
    Files.writeString(Beat.file(database), "{\"pid\": 4");
    assertThat(Beat.read(database).isPresent(), is(false));
  }
}
