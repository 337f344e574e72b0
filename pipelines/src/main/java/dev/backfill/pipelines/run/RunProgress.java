package dev.backfill.pipelines.run;

import dev.backfill.io.databento.CircuitBreaker;
import dev.backfill.io.databento.CircuitBreaker.Pause;
import dev.backfill.io.databento.ShortenedChunks;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.duckdb.RunLedger;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far a run is, from what has landed, what was asked and what is loaded, so that it is the same
 * on every runner. {@link #look} is for one thread; the rest may be asked by any.
 */
final class RunProgress {
  private final RunContext run;
  private final LandingArea landing;
  private final PricedPlan plan;
  private final boolean loads;
  private final long began = System.nanoTime();
  private volatile RunFigures last;

  /**
   * Of a run.
   *
   * @param loads whether it loads what it lands
   */
  RunProgress(RunContext run, PricedPlan plan, boolean loads) {
    this.run = run;
    this.loads = loads;
    this.landing = run.landing();
    this.plan = plan;
    this.last =
        new RunFigures(
            0,
            plan.plan().toAsk().size(),
            0,
            loads ? plan.price().records() + plan.landedRecords() : 0,
            0,
            0,
            0);
  }

  /** Since this was made. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** What the last look saw. */
  RunFigures last() {
    return last;
  }

  /** One line for people, of what the last look saw. */
  String line() {
    return last.line(elapsed());
  }

  /** The pause that there is, in which nothing is asked. */
  Optional<Pause> pause() {
    return CircuitBreaker.pause(plan.origin());
  }

  /**
   * Looks how far the run is. What cannot be seen now, because the database is not open or the
   * landing does not answer, is as it was.
   */
  RunFigures look() {
    RunFigures before = last;
    long rows = rows(before.rows());
    long landed = before.chunksLanded();
    long requests = before.requests();
    long bytes = before.bytes();
    double usd = before.usd();
    try {
      landed = landed();
      List<RequestEntry> journal = landing.requests(run.runId());
      requests = journal.size();
      bytes = journal.stream().mapToLong(RunProgress::received).sum();
      usd = journal.stream().mapToDouble(RunProgress::cost).sum();
    } catch (IOException e) {
      // The folder changes while it is read: the next look sees it.
      requests = before.requests();
    }
    last =
        new RunFigures(
            landed, before.chunksAsked(), rows, before.rowsExpected(), requests, bytes, usd);
    return last;
  }

  private long rows(long before) {
    if (!loads) {
      return 0;
    }
    try {
      return Database.peek(
              run.database().toString(),
              open -> new RunLedger(open, run.runId()).totals().rowsWritten())
          .orElse(before);
    } catch (DatabaseException e) {
      return before;
    }
  }

  private long landed() throws IOException {
    List<Chunk> asked = plan.plan().toAsk();
    if (asked.isEmpty()) {
      return 0;
    }
    Set<String> there =
        landing.landedChunks(plan.job().source(), plan.job().dataset(), plan.job().schema());
    Set<String> shortened = ShortenedChunks.of(run.runId());
    return asked.stream()
        .map(Chunk::getChunkId)
        .filter(id -> there.contains(id) || shortened.contains(id))
        .count();
  }

  private static long received(RequestEntry entry) {
    Long bytes = entry.bytesReceived();
    return bytes == null ? 0 : bytes;
  }

  private static double cost(RequestEntry entry) {
    Double usd = entry.costEstimateUsd();
    return usd == null ? 0 : usd;
  }
}
