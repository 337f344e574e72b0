package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.MotherDuck;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a run holds from its beginning to its end, so that no other writes its database, and so that
 * others can see what it does. Close it when everything is written.
 */
final class RunHold implements AutoCloseable {
  private final WriteLease lease;
  private final Heartbeat heart;
  private final @Nullable LandingLock landing;
  private Duration waited;

  private RunHold(
      WriteLease lease, Heartbeat heart, @Nullable LandingLock landing, Duration waited) {
    this.landing = landing;
    this.waited = waited;
    this.lease = lease;
    this.heart = heart;
  }

  /**
   * Takes it, or waits for it as long as the run may.
   *
   * @throws dev.backfill.io.duckdb.DatabaseHeldException if another command has the database
   */
  static RunHold take(RunContext run) {
    long began = System.nanoTime();
    WriteLease lease =
        WriteLease.take(
            run.database().toString(),
            "run " + run.options().job().name() + " " + run.runId(),
            run.options().patience(),
            run.console()::note);
    Heartbeat heart =
        Heartbeat.start(
            beside(run.database()),
            run.console(),
            run.runId(),
            run.options().job().name(),
            run.began(),
            "planning");
    return new RunHold(lease, heart, null, since(began));
  }

  /** A database elsewhere has no place beside it: who writes it is in its own table of locks. */
  private static @Nullable Path beside(Path database) {
    return MotherDuck.isNamed(database) ? null : database;
  }

  /**
   * Takes it for a command that is no run; it begins when it says so.
   *
   * @param command its name, for others
   * @param what the command and what it is about
   * @param phase what it does, as in "repair is repairing"
   * @throws dev.backfill.io.duckdb.DatabaseHeldException if another command has the database
   */
  static RunHold take(
      Path database,
      Console console,
      String runId,
      Instant began,
      String command,
      String what,
      String phase,
      Duration patience) {
    long asked = System.nanoTime();
    WriteLease lease = WriteLease.take(database.toString(), what, patience, console::note);
    lease.awaitReaders();
    Heartbeat heart = Heartbeat.start(beside(database), console, runId, command, began, phase);
    return new RunHold(lease, heart, null, since(asked));
  }

  /**
   * Takes it for a run that also asks for what its job wants, and lands it.
   *
   * @throws dev.backfill.pipelines.RefusedException if another command lands the same
   */
  static RunHold takeToLand(RunContext run) throws IOException {
    long began = System.nanoTime();
    RunHold held = take(run);
    boolean isWhole = false;
    try {
      RunHold whole = new RunHold(held.lease, held.heart, LandingLock.take(run), since(began));
      isWhole = true;
      return whole;
    } finally {
      if (!isWhole) {
        held.close();
      }
    }
  }

  /**
   * Says that there is something to load, so that a reader of the database is waited for, and takes
   * a landing that was not there at the beginning; see {@link LandingLock#beforeLanding}.
   *
   * @throws dev.backfill.pipelines.RefusedException if another command lands the same
   */
  void beforeLanding() throws IOException {
    lease.awaitReaders();
    if (landing != null) {
      long began = System.nanoTime();
      landing.beforeLanding();
      waited = waited.plus(since(began));
    }
  }

  /** How long other processes were waited for. */
  Duration waited() {
    return waited;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** Says that money may be spent from now on: whoever has the database is waited for longer. */
  void begun() {
    lease.begun();
  }

  Heartbeat heart() {
    return heart;
  }

  @Override
  public void close() throws IOException {
    try (lease;
        landing) {
      heart.close();
    }
  }
}
