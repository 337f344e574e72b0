package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.CircuitBreaker.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What a run's heartbeat says, for people and for machines. Immutable. */
final class RunningReport {
  private final Beat beat;
  private final boolean isAlive;
  private final String command;

  /**
   * Of a heartbeat.
   *
   * @param command run or land
   */
  RunningReport(Beat beat, Instant now, String command) {
    this.beat = beat;
    this.command = command;
    this.isAlive = beat.isAlive(now);
  }

  boolean onlyLands() {
    return command.equals("land");
  }

  /** Three lines at most. */
  String text() {
    String who = command + " " + beat.runId() + " (" + beat.job() + ", PID " + beat.pid();
    who += " on " + beat.host() + ", since " + beat.since() + ")";
    RunFigures figures = beat.figures();
    if (!isAlive) {
      return "stopped: "
          + who
          + " ended without a word after "
          + beat.at()
          + (figures == null ? "" : ": " + line(figures))
          + ". Run the same command again: it goes on from there";
    }
    return figures == null
        ? "running: " + who + " is " + beat.phase()
        : "running: " + who + System.lineSeparator() + "  " + line(figures) + pause();
  }

  private String pause() {
    Pause pause = beat.pause();
    return pause == null ? "" : System.lineSeparator() + "  " + pause.text();
  }

  private String line(RunFigures figures) {
    return figures.line(Duration.between(beat.since(), beat.at()))
        + String.format(
            Locale.ROOT,
            ", %s, %s received",
            SummaryReport.counted(figures.requests(), "request"),
            SummaryReport.megabytes(figures.bytes()));
  }

  /** The same facts for machines; {@code state} is running or stopped. */
  ObjectNode json() {
    return beat.json().put("state", isAlive ? "running" : "stopped");
  }
}
