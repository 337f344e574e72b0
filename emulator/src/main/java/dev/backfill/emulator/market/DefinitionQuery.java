package dev.backfill.emulator.market;

import dev.backfill.io.dbn.DefinitionRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The definitions of some symbols that were received in a range, by ts_recv; at equal times in the
 * order of the symbols. At each midnight of a day with data comes a snapshot of every instrument
 * that is listed then; during the day come listings (A), corrections (M) and, at expiry, deletions
 * (D). Not thread-safe; each walk starts anew.
 */
public final class DefinitionQuery {
  private static final long EXPIRED_NS = 1_200_000_000_000L;

  /** A change of one instrument during a day. */
  private record Change(int part, long tsRecv, char action) {}

  private final List<InstrumentDays> parts;
  private final Dataset dataset;
  private final long startNs;
  private final long endNs;

  DefinitionQuery(Dataset dataset, List<InstrumentDays> parts, long startNs, long endNs) {
    this.parts = parts;
    this.dataset = dataset;
    this.startNs = startNs;
    this.endNs = endNs;
  }

  /** Takes a definition; false for enough. */
  @FunctionalInterface
  public interface Visitor {
    /** One record. */
    boolean record(DefinitionRecord record) throws IOException;
  }

  /** Takes an instrument's definition at a time; false for enough. */
  private interface Taker {
    boolean take(DefinitionMaker maker, long tsRecv, long happenedNs, char action)
        throws IOException;
  }

  /**
   * How many records there are.
   *
   * @param legs whether a spread comes once a leg, as in version 3, or once
   */
  public long count(boolean legs) {
    long[] count = new long[1];
    silently(
        (maker, ts, happened, action) -> {
          count[0] += maker.size(legs);
          return true;
        });
    return count[0];
  }

  /** Whether there is no record at all. */
  public boolean isEmpty() {
    boolean[] any = new boolean[1];
    silently(
        (maker, ts, happened, action) -> {
          any[0] = true;
          return false;
        });
    return !any[0];
  }

  /** All records in order, as version 3 has them. */
  public List<DefinitionRecord> toList() {
    List<DefinitionRecord> records = new ArrayList<>();
    silently((maker, ts, happened, action) -> records.addAll(maker.at(ts, happened, action, true)));
    return records;
  }

  /** Visits the records in order until the visitor has enough. */
  public void forEach(boolean legs, Visitor visitor) throws IOException {
    walk(
        (maker, ts, happened, action) -> {
          for (DefinitionRecord record : maker.at(ts, happened, action, legs)) {
            if (!visitor.record(record)) {
              return false;
            }
          }
          return true;
        });
  }

  private void silently(Taker taker) {
    try {
      walk(taker);
    } catch (IOException e) {
      throw new IllegalStateException("this does no I/O", e);
    }
  }

  private void walk(Taker taker) throws IOException {
    int from = (int) Math.floorDiv(startNs, Life.DAY_NS);
    int to = (int) -Math.floorDiv(-endNs, Life.DAY_NS);
    List<DefinitionMaker> makers = new ArrayList<>(parts.size());
    Map<Integer, List<Change>> changes = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      InstrumentDays part = parts.get(i);
      DefinitionMaker maker = new DefinitionMaker(part.trading(), part.contract(), dataset);
      makers.add(maker);
      Life life = maker.life();
      note(changes, new Change(i, life.listedNs(), 'A'));
      note(changes, new Change(i, life.changedNs(), 'M'));
      long late = Math.floorMod(Hash.of(part.contract().index(), "D"), EXPIRED_NS);
      note(changes, new Change(i, life.expiresNs() + late, 'D'));
    }
    InstrumentDays.Window window = new InstrumentDays.Window(parts);
    for (int day = from; day < to; day++) {
      if (dataset.hasData(day)
          && (!snapshot(day, window, makers, taker) || !changes(day, changes, makers, taker))) {
        return;
      }
    }
  }

  private void note(Map<Integer, List<Change>> changes, Change change) {
    if (change.tsRecv() >= startNs && change.tsRecv() < endNs) {
      int day = (int) Math.floorDiv(change.tsRecv(), Life.DAY_NS);
      InstrumentDays part = parts.get(change.part());
      if (day >= part.from() && day < part.to()) {
        changes.computeIfAbsent(day, d -> new ArrayList<>()).add(change);
      }
    }
  }

  private boolean snapshot(
      int day, InstrumentDays.Window window, List<DefinitionMaker> makers, Taker taker)
      throws IOException {
    long midnight = day * Life.DAY_NS;
    if (midnight < startNs || midnight >= endNs) {
      return true;
    }
    for (int i : window.on(day)) {
      DefinitionMaker maker = makers.get(i);
      Life life = maker.life();
      boolean changed = midnight >= life.changedNs();
      if (life.coversMidnight(midnight)
          && !taker.take(
              maker, midnight, changed ? life.changedNs() : life.listedNs(), changed ? 'M' : 'A')) {
        return false;
      }
    }
    return true;
  }

  private static boolean changes(
      int day, Map<Integer, List<Change>> changes, List<DefinitionMaker> makers, Taker taker)
      throws IOException {
    List<Change> today = changes.getOrDefault(day, List.of());
    for (Change change : today.stream().sorted(Comparator.comparingLong(Change::tsRecv)).toList()) {
      DefinitionMaker maker = makers.get(change.part());
      if (!taker.take(maker, change.tsRecv(), change.tsRecv(), change.action())) {
        return false;
      }
    }
    return true;
  }
}
