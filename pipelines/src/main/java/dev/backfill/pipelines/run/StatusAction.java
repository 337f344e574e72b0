package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseHeldException;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.LandingPlace;
import dev.backfill.pipelines.UsageException;
import dev.backfill.schemas.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what a database holds and what a run is doing with it, at any moment: while a run has the
 * file open, its heartbeat is what can be said.
 */
final class StatusAction {
  /** A run has the file open while it loads; in between it lets others read. */
  private static final Duration BETWEEN_LOADS = Duration.ofMillis(1_500);

  private final Path database;
  private final LandingPlace landing;
  private final Console console;
  private final Clock clock;
  private Optional<String> writer = Optional.empty();

  StatusAction(Path database, LandingPlace landing, Console console, Clock clock) {
    this.landing = landing;
    this.database = Database.absolute(database);
    this.console = console;
    this.clock = clock;
  }

  /**
   * Reports.
   *
   * @throws DatabaseHeldException if the file cannot be read and it is not a run that has it
   */
  int run() {
    return say(false);
  }

  /** Reports as a page of Markdown; what it throws is as of {@link #run}. */
  int page() {
    return say(true);
  }

  private int say(boolean isPage) {
    Instant now = clock.instant();
    // Files of ours and the database are read side by side.
    FutureTask<List<Job>> jobs = new FutureTask<>(StatusReport::builtIn);
    Thread reading = new Thread(jobs, "built-in-jobs");
    reading.setDaemon(true);
    reading.start();
    Optional<Beat> beat = Beat.read(database);
    boolean isRunning = beat.filter(b -> b.isAlive(now)).isPresent();
    @Nullable StatusReport report = null;
    try {
      report = read(isRunning, () -> result(jobs));
    } catch (DatabaseHeldException e) {
      if (!isRunning) {
        throw e;
      }
    }
    List<RunningReport> running =
        Stream.concat(
                beat.stream().map(b -> new RunningReport(b, now, "run")),
                Beat.ofLanding(landing).stream().map(b -> new RunningReport(b, now, "land")))
            .toList();
    if (report == null && running.isEmpty()) {
      throw UsageException.noDatabase(database);
    }
    if (isPage && report != null) {
      console.result(StatusPage.of(report, running));
    } else {
      console.result(console.json() ? json(report, running) : text(report, running));
    }
    return ExitCodes.OK;
  }

  /** What the tables hold; null where the run has not made the file yet. */
  private @Nullable StatusReport read(boolean isRunning, Supplier<List<Job>> jobs) {
    if (!Database.isThere(database)) {
      return null;
    }
    Duration wait = isRunning ? BETWEEN_LOADS : Duration.ZERO;
    try (Database open = Database.openReadOnly(database.toString(), wait)) {
      writer = WriteLease.writer(open);
      return StatusReport.read(open, isRunning || writer.isPresent(), clock.instant(), jobs);
    }
  }

  private static List<Job> result(FutureTask<List<Job>> jobs) {
    try {
      return jobs.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the built-in jobs were read", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("The built-in jobs cannot be read", e.getCause());
    }
  }

  private String text(@Nullable StatusReport report, List<RunningReport> running) {
    List<String> parts = new ArrayList<>();
    running.forEach(r -> parts.add(r.text()));
    writer.ifPresent(who -> parts.add("running: " + who));
    if (report != null) {
      if (!parts.isEmpty()) {
        parts.add("");
      }
      parts.add(StatusText.of(report));
    } else if (Files.exists(database)) {
      parts.add("The tables can be read between its loads: ask again in a moment");
    } else {
      parts.add(database + " is not there yet");
    }
    return String.join(System.lineSeparator(), parts);
  }

  private String json(@Nullable StatusReport report, List<RunningReport> running) {
    ObjectNode node =
        report == null
            ? new ObjectMapper().createObjectNode().put("database", database.toString())
            : StatusJson.of(report);
    running.stream().filter(r -> !r.onlyLands()).forEach(r -> node.set("running", r.json()));
    writer.ifPresent(who -> node.put("writer", who));
    ArrayNode landings = node.putArray("landing");
    running.stream().filter(RunningReport::onlyLands).forEach(r -> landings.add(r.json()));
    return node.toPrettyString();
  }
}
