package dev.backfill.transforms;

import dev.backfill.schemas.Interval;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a run ended, read from the ledger: a paragraph for people, the same facts as JSON, and an
 * exit code. Immutable.
 *
 * @param source of the job
 * @param runId the run, also one that found nothing to do
 * @param wanted the clamped range, or what was chosen of it; empty when the service has none of it
 * @param symbols of how many something was wanted; of FRED how many series were written, or where
 *     there was nothing to do, are there
 * @param seconds of wall time, without what it waited for another process at its beginning
 * @param waitedSeconds so long it waited
 * @param chunksAsked planned to be asked of the service
 * @param chunksFromLanding planned to be loaded without asking
 * @param chunksLoaded that ended with their rows, or with the knowledge that there are none
 * @param chunksFailed without an answer, or with one that could not be loaded
 * @param chunksSkipped without right to them, or nothing of them was wanted any more
 * @param rowsWritten in committed transactions
 * @param rowsDiffering how many rows are not what they were before, where that was compared
 * @param rowsRejected kept in ops.rejected_records
 * @param requests data requests sent, every attempt
 * @param bytesReceived over the wire
 * @param billableBytes of all attempts
 * @param costUsd estimated, of all attempts
 * @param failed chunks that ended without an answer
 * @param notEntitled chunks this key has no right to
 * @param uncovered symbols of which something wanted is still not covered
 * @param unresolved symbols that did not exist anywhere in the wanted range
 * @param discontinued series that are loaded and that their service says have ended
 * @param warnings what a person should know
 * @param splits what became of chunks that were too large
 * @param leftOut records of whole answers that were not wanted, see {@code Ledger.leftOut}; counted
 *     where a job names publishers or asks for parents
 * @param loads runs that loaded, before this one planned, what a job on a cluster landed that an
 *     earlier launcher had left; what they loaded is counted here
 */
public record RunSummary(
    String job,
    String source,
    String table,
    String runId,
    Optional<Interval> wanted,
    int symbols,
    double seconds,
    double waitedSeconds,
    int chunksAsked,
    int chunksFromLanding,
    int chunksLoaded,
    int chunksFailed,
    int chunksSkipped,
    long rowsWritten,
    OptionalLong rowsDiffering,
    long rowsRejected,
    long requests,
    long bytesReceived,
    long billableBytes,
    double costUsd,
    List<Failed> failed,
    List<Failed> notEntitled,
    List<String> uncovered,
    List<String> unresolved,
    List<String> discontinued,
    List<String> warnings,
    Splits splits,
    long leftOut,
    List<String> loads) {

  /** A chunk that ended without an answer, and why. */
  public record Failed(String chunkId, String symbols, Interval range, String reason) {}

  /** Copies the lists. */
  public RunSummary {
    failed = List.copyOf(failed);
    notEntitled = List.copyOf(notEntitled);
    uncovered = List.copyOf(uncovered);
    unresolved = List.copyOf(unresolved);
    discontinued = List.copyOf(discontinued);
    warnings = List.copyOf(warnings);
    loads = List.copyOf(loads);
  }

  /** The same with more that a person should know. */
  public RunSummary warning(List<String> more) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new RunSummary(
        job,
        source,
        table,
        runId,
        wanted,
        symbols,
        seconds,
        waitedSeconds,
        chunksAsked,
        chunksFromLanding,
        chunksLoaded,
        chunksFailed,
        chunksSkipped,
        rowsWritten,
        rowsDiffering,
        rowsRejected,
        requests,
        bytesReceived,
        billableBytes,
        costUsd,
        failed,
        notEntitled,
        uncovered,
        unresolved,
        discontinued,
        all,
        splits,
        leftOut,
        loads);
  }

  /**
   * The same with what runs before it have loaded. How it ended is what the last says.
   *
   * @param allSeconds of wall time, of all of them
   */
  public RunSummary afterLoads(List<RunSummary> before, double allSeconds) {
    Set<String> told = new LinkedHashSet<>();
    before.forEach(load -> told.addAll(load.warnings));
    told.addAll(warnings);
    List<String> all = List.copyOf(told);
    return new RunSummary(
        job,
        source,
        table,
        runId,
        wanted,
        symbols,
        allSeconds,
        waitedSeconds,
        chunksAsked,
        chunksFromLanding + before.stream().mapToInt(RunSummary::chunksFromLanding).sum(),
        chunksLoaded + before.stream().mapToInt(RunSummary::chunksLoaded).sum(),
        chunksFailed,
        chunksSkipped,
        rowsWritten + before.stream().mapToLong(RunSummary::rowsWritten).sum(),
        differing(before),
        rowsRejected + before.stream().mapToLong(RunSummary::rowsRejected).sum(),
        requests,
        bytesReceived,
        billableBytes,
        costUsd,
        failed,
        notEntitled,
        uncovered,
        unresolved,
        discontinued,
        all,
        splits,
        leftOut + before.stream().mapToLong(RunSummary::leftOut).sum(),
        before.stream().map(RunSummary::runId).toList());
  }

  private OptionalLong differing(List<RunSummary> before) {
    return Stream.concat(before.stream(), Stream.of(this))
        .map(RunSummary::rowsDiffering)
        .flatMapToLong(OptionalLong::stream)
        .reduce(Long::sum);
  }

  /** Whether there was nothing to fetch and nothing to load. */
  public boolean nothingToDo() {
    return chunksAsked == 0 && chunksFromLanding == 0;
  }
}
