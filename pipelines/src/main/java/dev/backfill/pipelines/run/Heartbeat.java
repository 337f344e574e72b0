package dev.backfill.pipelines.run;

import dev.backfill.io.lock.Holder;
import dev.backfill.pipelines.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link Beat}'s file up to date while a run, or another command that writes, is under way,
 * and takes it away at the end; a run that is killed leaves it, and whoever reads it sees that its
 * process is gone. Looks how far the run is on its own thread, for the progress line too.
 *
 * <p>That the file cannot be written stops no run.
 */
final class Heartbeat implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1_000;

  /** Of a landing so large that looking at it takes long, it looks less often. */
  private static final int SHARE_OF_TIME = 20;

  private final @Nullable Path subject;
  private final Console console;
  private final String runId;
  private final String job;
  private final Instant began;
  private final @Nullable Instant processBegan;
  private final ScheduledExecutorService thread;
  private volatile @Nullable RunProgress progress;
  private volatile String phase;
  private volatile boolean isTold;
  private long nextLook = System.nanoTime();

  private Heartbeat(
      @Nullable Path subject,
      Console console,
      String runId,
      String job,
      Instant began,
      String phase) {
    this.subject = subject == null ? null : subject.toAbsolutePath();
    this.console = console;
    this.runId = runId;
    this.job = job;
    this.began = began;
    this.phase = phase;
    this.processBegan = ProcessHandle.current().info().startInstant().orElse(null);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread made = new Thread(work, "heartbeat");
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Begins; for who has the right to write it.
   *
   * @param subject the database, or {@link LandingLock#heart} of a command that only lands; null
   *     where there is no place for a file
   * @param job what is at work, for people: a job's name or a command's
   * @param phase what it does until it says something else
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with close()
  static Heartbeat start(
      @Nullable Path subject,
      Console console,
      String runId,
      String job,
      Instant began,
      String phase) {
    Heartbeat heart = new Heartbeat(subject, console, runId, job, began, phase);
    heart.beat();
    Runnable beat = surviving(heart::beat, heart::warn);
    beat.run();
    heart.thread.scheduleWithFixedDelay(beat, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return heart;
  }

  /** From now on it says how far this is. */
  @SuppressWarnings("FutureReturnValueIgnored")
  void follow(RunProgress running) {
    progress = running;
    phase = "running";
    thread.execute(surviving(this::beat, this::warn));
  }

  /** The work is done; what is left is to say so in the ledger. */
  void finishing() {
    phase = "finishing";
  }

  /** The same work, whose failure is told instead of ending all that follows it. */
  static Runnable surviving(Runnable work, Consumer<RuntimeException> told) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        told.accept(e);
      }
    };
  }

  private void beat() {
    RunProgress running = progress;
    if (running != null && System.nanoTime() - nextLook >= 0) {
      long began = System.nanoTime();
      running.look();
      nextLook = System.nanoTime() + SHARE_OF_TIME * (System.nanoTime() - began);
    }
    if (subject == null) {
      return;
    }
    try {
      current(running).write(subject);
    } catch (IOException e) {
      warn(e);
    }
  }

  private Beat current(@Nullable RunProgress running) {
    Long left =
        running == null
            ? null
            : running.last().left(running.elapsed()).map(Duration::toSeconds).orElse(null);
    return new Beat(
        ProcessHandle.current().pid(),
        Holder.thisHost(),
        processBegan,
        runId,
        job,
        began.truncatedTo(ChronoUnit.SECONDS),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        phase,
        running == null ? null : running.last(),
        left,
        running == null ? null : running.pause().orElse(null));
  }

  /** Ends, and takes the file away. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      boolean ended = thread.awaitTermination(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      if (ended && subject != null) {
        Files.deleteIfExists(Beat.file(subject));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      warn(e);
    }
  }

  private void warn(Exception e) {
    if (!isTold) {
      isTold = true;
      String file = subject == null ? "the heartbeat" : Beat.file(subject).toString();
      console.warn("Cannot write " + file + ", so status does not see this run: " + e);
    }
  }
}
