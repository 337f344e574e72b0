package dev.backfill.io.duckdb;

import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.OutcomeState;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The passes that one group takes: usually one; one more for sources that speak of the same stretch
 * as an earlier one; and one more when a file turns out to be broken while its rows are inserted.
 * Used once, by one thread.
 */
final class GroupRun {
  /** Writes sources that do not overlap in one transaction. */
  interface Pass {
    List<ChunkOutcome> write(
        List<OpenSource> group, List<RequestRow> requests, List<@Nullable Object[]> failed)
        throws SQLException, SourceException;
  }

  private final TargetSpec target;
  private final Supplier<Instant> now;
  private final Pass pass;
  private final List<ChunkOutcome> outcomes = new ArrayList<>();
  private final List<@Nullable Object[]> failed = new ArrayList<>();
  private boolean tested;

  GroupRun(TargetSpec target, Supplier<Instant> now, Pass pass) {
    this.target = target;
    this.now = now;
    this.pass = pass;
  }

  /** Writes all sources but those that are broken; every one has its outcome. */
  List<ChunkOutcome> run(List<RowSource> sources, List<RequestRow> requests) throws SQLException {
    List<RowSource> waiting = sources;
    List<RequestRow> unwritten = requests;
    while (!waiting.isEmpty() || !failed.isEmpty() || !unwritten.isEmpty()) {
      List<RowSource> later = new ArrayList<>();
      List<OpenSource> group = open(waiting, later);
      try {
        outcomes.addAll(pass.write(group, unwritten, failed));
        failed.clear();
        unwritten = List.of();
        waiting = later;
      } catch (SourceException e) {
        fail(e.source().source(), e.ioException());
        waiting = readable(group, later, e.source());
      }
    }
    return outcomes;
  }

  /** Opens sources as long as they do not speak of the same stretch; the rest waits. */
  private List<OpenSource> open(List<RowSource> sources, List<RowSource> later) {
    Rejects.Room room = new Rejects.Room();
    List<OpenSource> group = new ArrayList<>();
    Map<String, List<Interval>> taken = new HashMap<>();
    for (RowSource source : sources) {
      if (!later.isEmpty()) {
        later.add(source);
        continue;
      }
      OpenSource opened;
      try {
        opened = new OpenSource(source, source.open(), room);
      } catch (IOException e) {
        fail(source, e);
        continue;
      }
      List<Claim> claims = opened.claims();
      if (claims.stream().anyMatch(claim -> overlaps(claim, taken))) {
        later.add(source);
        continue;
      }
      claims.forEach(
          claim ->
              taken
                  .computeIfAbsent(claim.rowName(), name -> new ArrayList<>())
                  .add(claim.interval()));
      group.add(opened);
    }
    return group;
  }

  private static boolean overlaps(Claim claim, Map<String, List<Interval>> taken) {
    return taken.getOrDefault(claim.rowName(), List.of()).stream()
        .anyMatch(claim.interval()::overlaps);
  }

  /**
   * What is left to write without a broken source. Where one file is broken others often are: each
   * that was not read to its end yet is read once without writing, or every one would cost a pass.
   */
  private List<RowSource> readable(
      List<OpenSource> group, List<RowSource> later, OpenSource broken) {
    List<RowSource> left = new ArrayList<>();
    for (OpenSource one : group) {
      if (one != broken && (tested || one.isExhausted() || isReadable(one.source()))) {
        left.add(one.source());
      }
    }
    for (RowSource source : later) {
      if (tested || isReadable(source)) {
        left.add(source);
      }
    }
    tested = true;
    return left;
  }

  private boolean isReadable(RowSource source) {
    try {
      OpenSource.readThrough(source);
      return true;
    } catch (IOException e) {
      fail(source, e);
      return false;
    }
  }

  private void fail(RowSource source, IOException e) {
    LandedChunk landed = source.landed();
    String chunkId = landed.getChunk().getChunkId();
    GroupWriter.LOG.warn("Chunk {} cannot be loaded", chunkId, e);
    String message = e.getMessage();
    String reason = message == null ? e.toString() : message;
    failed.add(ChunkLog.row(landed, "failed", reason, null, List.of(), target, now.get()));
    outcomes.add(new ChunkOutcome(chunkId, OutcomeState.FAILED, 0L, 0L, 0L, reason));
    GroupWriter.close(List.of(source));
  }
}
