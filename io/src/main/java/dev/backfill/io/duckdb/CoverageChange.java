package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Who says each row that is written; null for what is left of an older one. */
  private final List<@Nullable Claim> sayers = new ArrayList<>();

  private final TargetSpec target;
  private final UnsettledDays unsettled;
  private final Instant now;
  private final long dataEndNs;

  private CoverageChange(TargetSpec target, UnsettledDays unsettled, Instant now, long dataEndNs) {
    this.target = target;
    this.unsettled = unsettled;
    this.now = now;
    this.dataEndNs = dataEndNs;
  }

  /**
   * @param claims all stretches of the group
   * @param existing what the ledger says of the same rows
   * @param unsettled the days of which the service may say something else yet
   * @param dataEndNs the newest instant for which the service has data, UTC ns
   */
  static CoverageChange of(
      TargetSpec target,
      List<Claim> claims,
      List<CoverageRow> existing,
      UnsettledDays unsettled,
      Instant now,
      long dataEndNs) {
    CoverageChange change = new CoverageChange(target, unsettled, now, dataEndNs);
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
        left.intervals().forEach(interval -> add(row.within(interval), null));
      }
    }
    for (Claim claim : claims) {
      if (claim.covered()) {
        Coverage of = Coverage.of(claim.interval());
        Coverage said = claim.source().replaces() ? of : of.intersect(refused);
        said.intervals().forEach(interval -> say(claim, interval));
      }
    }
  }

  private void add(CoverageRow row, @Nullable Claim sayer) {
    written.add(row);
    sayers.add(sayer);
  }

  /** What is not final yet stands in a row of its own, for it alone to be looked at again. */
  private void say(Claim claim, Interval interval) {
    CoverageRow row = row(claim, interval);
    long split = firstUnsettled(claim, row).orElse(interval.startNs());
    if (split > interval.startNs()) {
      add(row.within(new Interval(interval.startNs(), split)), claim);
      add(row.within(new Interval(split, interval.endNs())), claim);
    } else {
      add(row, claim);
    }
  }

  private Optional<Long> firstUnsettled(Claim claim, CoverageRow row) {
    boolean served = row.state() == CoverageState.LOADED || row.state() == CoverageState.EMPTY;
    return served
        ? unsettled.first(row.series().dataset(), row.interval(), dataEndNs(claim))
        : Optional.empty();
  }

  /**
   * How far the data can have gone when the answer was asked for: an old answer that is loaded
   * again later must not make final what was near the end then.
   */
  private long dataEndNs(Claim claim) {
    long askedAtNs = claim.source().landed().getAskedAtNs();
    long availableNs = claim.source().landed().getChunk().getAvailableEndNs();
    long knownNs = availableNs > 0 ? Math.min(dataEndNs, availableNs) : dataEndNs;
    return askedAtNs > 0 ? Math.min(knownNs, askedAtNs) : knownNs;
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
        loadedAt(claim));
  }

  /**
   * Now, and in no case before the answer was asked for, whatever the clocks say: by this a plan
   * sees which answers in the landing are newer than the rows.
   */
  private Instant loadedAt(Claim claim) {
    long askedAtNs = claim.source().landed().getAskedAtNs();
    Instant asked = Times.instant(askedAtNs).plusNanos(999).truncatedTo(ChronoUnit.MICROS);
    return asked.isAfter(now) ? asked : now;
  }

  /** When the row of an index was asked for, UTC ns; null for what is left of an older one. */
  @Nullable Long askedAtNs(int index) {
    Claim sayer = sayers.get(index);
    return sayer == null ? null : sayer.source().landed().getAskedAtNs();
  }

  /**
   * When the service had last changed what is said in the row of an index, where it told that with
   * the answer itself.
   */
  @Nullable LocalDate sourceModified(int index) {
    Claim sayer = sayers.get(index);
    long modifiedNs = sayer == null ? 0 : sayer.source().landed().getSourceModifiedNs();
    return modifiedNs == 0 ? null : Times.date(modifiedNs);
  }

  /** The row of an index with its count, and with a time to look again where it is not final. */
  CoverageRow settled(int index, long rows) {
    CoverageRow counted = written.get(index).counted(rows);
    Claim sayer = sayers.get(index);
    return sayer == null ? counted : counted.recheckedAfter(recheckAfter(sayer, counted));
  }

  private @Nullable Instant recheckAfter(Claim sayer, CoverageRow row) {
    if (row.state() == CoverageState.NOT_ENTITLED || firstUnsettled(sayer, row).isPresent()) {
      // An old answer that is loaded again later is due when it was.
      long askedAtNs = sayer.source().landed().getAskedAtNs();
      Instant asked = askedAtNs > 0 ? Times.instant(askedAtNs) : now;
      return (asked.isBefore(now) ? asked : now).plus(NOT_FINAL);
    }
    // A series of FRED is covered whole, to an end that is far off, and each run looks at it.
    boolean nearTheEnd =
        !row.series().source().equals(Fred.SOURCE)
            && row.interval().endNs() > dataEndNs(sayer) - NOT_FINAL.toNanos();
    return row.state() != CoverageState.LOADED && nearTheEnd
        ? Times.instant(row.interval().endNs()).plus(NOT_FINAL)
        : null;
  }
}
