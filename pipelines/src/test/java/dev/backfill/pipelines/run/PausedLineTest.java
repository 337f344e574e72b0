package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.databento.CircuitBreaker.Pause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a pause, and how often. */
class PausedLineTest {
  private static final Instant BEGAN = Instant.parse("2025-12-16T01:00:00Z");
  private static final Pause PAUSE =
      new Pause(BEGAN, BEGAN.plusSeconds(300), "the service does not answer");

  private Instant now = BEGAN;
  private Optional<Pause> pause = Optional.empty();
  @TempDir Path folder;

  /** What is printed over some time, asked every five seconds. */
  private List<String> over(PausedLine line, Duration time) {
    List<String> printed = new ArrayList<>();
    for (Instant end = now.plus(time); now.isBefore(end); now = now.plusSeconds(5)) {
      String text = line.get();
      if (!text.isEmpty()) {
        printed.add(text);
      }
    }
    return printed;
  }

  @Test
  void aPauseIsToldAtItsBeginningEachMinuteAndAtItsEnd() {
    PausedLine line = new PausedLine(() -> pause, () -> "3 of 9", false, () -> now);
    assertThat(over(line, Duration.ofSeconds(15)), equalTo(List.of("3 of 9", "3 of 9", "3 of 9")));
    pause = Optional.of(PAUSE);
    List<String> told = over(line, Duration.ofMinutes(4));
    assertThat(told, hasSize(4));
    assertThat(
        told,
        everyItem(
            equalTo(
                "paused since 2025-12-16T01:00:00Z until 2025-12-16T01:05:00Z: the service does"
                    + " not answer; 3 of 9")));
    pause = Optional.empty();
    told = over(line, Duration.ofSeconds(10));
    assertThat(told, equalTo(List.of("the pause is over, after 4 min; 3 of 9", "3 of 9")));
  }

  @Test
  void eachPauseOfSeveralIsToldWithItsEnd() {
    PausedLine line = new PausedLine(() -> pause, () -> "3 of 9", false, () -> now);
    List<String> told = new ArrayList<>();
    for (int seconds : new int[] {10, 20, 40}) {
      pause = Optional.of(new Pause(BEGAN, BEGAN.plusSeconds(seconds), "down"));
      told.addAll(over(line, Duration.between(now, BEGAN.plusSeconds(seconds))));
    }
    assertThat(
        told,
        equalTo(
            List.of(
                "paused since 2025-12-16T01:00:00Z until 2025-12-16T01:00:10Z: down; 3 of 9",
                "paused since 2025-12-16T01:00:00Z until 2025-12-16T01:00:20Z: down; 3 of 9",
                "paused since 2025-12-16T01:00:00Z until 2025-12-16T01:00:40Z: down; 3 of 9")));
    // The work may end before another line is due.
    assertThat(line.over(), is(""));
    pause = Optional.empty();
    assertThat(line.over(), is("the pause is over, after 40 s"));
    assertThat(line.over(), is(""));
    assertThat(line.get(), is("3 of 9"));
  }

  @Test
  void aTerminalShowsItAllTheTime() {
    PausedLine line = new PausedLine(() -> pause, () -> "3 of 9", true, () -> now);
    pause = Optional.of(PAUSE);
    assertThat(over(line, Duration.ofMinutes(1)), hasSize(12));
    pause = Optional.empty();
    assertThat(over(line, Duration.ofSeconds(5)), equalTo(List.of("3 of 9")));
  }

  @Test
  void theHeartbeatHasItAndStatusSaysIt() throws Exception {
    Beat beat =
        new Beat(
            ProcessHandle.current().pid(),
            dev.backfill.io.lock.Holder.thisHost(),
            ProcessHandle.current().info().startInstant().orElse(null),
            "r",
            "j",
            BEGAN,
            BEGAN,
            "running",
            new RunFigures(1, 2, 3, 4, 5, 6, 0.5),
            null,
            PAUSE);
    Path database = folder.resolve("a.duckdb");
    beat.write(database);
    assertThat(Beat.read(database), equalTo(Optional.of(beat)));
    RunningReport report = new RunningReport(Beat.read(database).orElseThrow(), BEGAN, "run");
    assertThat(
        report.text(),
        containsString(
            "  paused since 2025-12-16T01:00:00Z until 2025-12-16T01:05:00Z: the service does"));
    assertThat(report.json().path("paused").path("until").asText(), is("2025-12-16T01:05:00Z"));
    assertThat(Files.exists(Beat.file(database)), is(true));
  }

  @Test
  void aBeatThatFailsIsToldAndFollowedByOthers() {
    List<RuntimeException> told = new ArrayList<>();
    List<Integer> beats = new ArrayList<>();
    Runnable beat =
        Heartbeat.surviving(
            () -> {
              beats.add(beats.size());
              throw new IllegalStateException("beat " + beats.size());
            },
            told::add);
    beat.run();
    beat.run();
    assertThat(beats, hasSize(2));
    assertThat(
        told.stream().map(Throwable::getMessage).toList(), equalTo(List.of("beat 1", "beat 2")));
    Heartbeat.surviving(() -> beats.clear(), told::add).run();
    assertThat(beats, empty());
    assertThat(told, hasSize(2));
  }
}
