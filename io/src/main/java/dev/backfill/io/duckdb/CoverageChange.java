package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a group changes in the coverage: what it says of its own stretches, and what is left of the
 * intervals that they overlap. Pure; the counts are filled in afterwards by SQL.
 */
final class CoverageChange {
  private static final Duration NOT_FINAL = Duration.ofDays(7);

  /** Rows to take away: they overlap what is said now. */
  private final List<CoverageRow> removed = new ArrayList<>();

  /** Rows to write once their rows in the table are counted. */
  private final List<CoverageRow> written = new ArrayList<>();

  private final TargetSpec target;
  private final Instant now;
  private final long dataEndNs;

  private CoverageChange(TargetSpec target, Instant now, long dataEndNs) {
    this.target = target;
    this.now = now;
    this.dataEndNs = dataEndNs;
  }

  /**
   * @param claims all stretches of the group
   * @param existing what the ledger says of the same rows
   * @param dataEndNs the newest instant for which the service has data, UTC ns
   */
  static CoverageChange of(
      TargetSpec target,
      List<Claim> claims,
      List<CoverageRow> existing,
      Instant now,
      long dataEndNs) {
    CoverageChange change = new CoverageChange(target, now, dataEndNs);
    Map<Series, List<Claim>> bySeries = new HashMap<>();
    claims.forEach(c -> bySeries.computeIfAbsent(c.series(), s -> new ArrayList<>()).add(c));
    Map<Series, List<CoverageRow>> known = new HashMap<>();
    existing.forEach(r -> known.computeIfAbsent(r.series(), s -> new ArrayList<>()).add(r));
    bySeries.forEach(
        (series, ofSeries) -> change.apply(ofSeries, known.getOrDefault(series, List.of())));
    return change;
  }

  List<CoverageRow> removed() {
    return removed;
  }

  List<CoverageRow> written() {
    return written;
  }

  private void apply(List<Claim> claims, List<CoverageRow> known) {
    Coverage replaced =
        Coverage.of(
            claims.stream().filter(c -> c.source().replaces()).map(Claim::interval).toList());
    // No right to a range says nothing of rows that are there: it fills holes only.
    Coverage kept =
        Coverage.of(
            known.stream()
                .filter(row -> row.state() != CoverageState.NOT_ENTITLED)
                .map(CoverageRow::interval)
                .toList());
    Coverage refused =
        Coverage.of(
                claims.stream().filter(c -> !c.source().replaces()).map(Claim::interval).toList())
            .minus(kept)
            .minus(replaced);
    Coverage changed = replaced.union(refused);
    for (CoverageRow row : known) {
      Coverage whole = Coverage.of(row.interval());
      Coverage left = whole.minus(changed);
      if (!left.equals(whole)) {
        removed.add(row);
        left.intervals().forEach(interval -> written.add(row.within(interval)));
      }
    }
    for (Claim claim : claims) {
      if (claim.covered()) {
        Coverage of = Coverage.of(claim.interval());
        Coverage said = claim.source().replaces() ? of : of.intersect(refused);
        said.intervals().forEach(interval -> written.add(row(claim, interval)));
      }
    }
  }

  private CoverageRow row(Claim claim, Interval interval) {
    CoverageState state =
        claim.source().state() == LandedState.NOT_ENTITLED
            ? CoverageState.NOT_ENTITLED
            : claim.resolved() ? CoverageState.LOADED : CoverageState.UNRESOLVED;
    return new CoverageRow(
        claim.series(),
        claim.tableSymbol(),
        target.publishersText(),
        interval,
        state,
        0,
        claim.source().landed().getVerified() || state != CoverageState.LOADED,
        null,
        null,
        claim.source().landed().getChunk().getChunkId(),
        target.runId(),
        now);
  }

  /** The row with its count, and with a time to look again where it is not final. */
  CoverageRow settled(CoverageRow row, long rows) {
    CoverageRow counted = row.counted(rows);
    return row.loadedAt().equals(now) ? counted.recheckedAfter(recheckAfter(counted)) : counted;
  }

  private @Nullable Instant recheckAfter(CoverageRow row) {
    return switch (row.state()) {
      case LOADED -> null;
      case NOT_ENTITLED -> now.plus(NOT_FINAL);
      case EMPTY, UNRESOLVED ->
          row.interval().endNs() > dataEndNs - NOT_FINAL.toNanos()
              ? Times.instant(row.interval().endNs()).plus(NOT_FINAL)
              : null;
    };
  }
}
