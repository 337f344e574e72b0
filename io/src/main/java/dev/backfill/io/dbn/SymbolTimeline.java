package dev.backfill.io.dbn;

import java.util.Arrays;
import java.util.List;

/**
 * The symbol of an instrument on a UTC date, from the mappings of a stream's metadata.
 *
 * <p>The date is that of the record's index time: {@code tsEvent} for bars, {@code tsRecv} for
 * definitions, statistics and status. With a continuous request one instrument can have several
 * symbols on one day ({@code ZL.v.0} and {@code ZL.c.0}); they are found one after the other:
 *
 * <pre>{@code
 * for (int h = timeline.lookup(id, day); h >= 0; h = timeline.nextSame(h)) {
 *   Mapped mapped = timeline.mapped(h);
 * }
 * }</pre>
 *
 * <p>A handle is an index into {@link #all}, from 0, stable for the life of the timeline, so that a
 * table by handle can be made once. Intervals are cut where the set of an instrument's symbols
 * changes, so a {@link Mapped} may be a piece of an interval of the metadata. Symbols of one day
 * are in the order of the metadata's mappings.
 *
 * <p>Lookups allocate nothing and remember the last piece of each instrument, so they are fastest
 * when dates go forward. Not thread-safe because of that.
 */
public final class SymbolTimeline {
  /** The handle of nothing. */
  public static final int NONE = -1;

  /**
   * A symbol of an instrument on some days.
   *
   * @param symbol the name: the requested symbol, or the contract's with a parent request
   * @param instrumentId 0 to 2^32-1
   * @param startDay first UTC day, in days since 1970
   * @param endDay the day after the last
   */
  public record Mapped(String symbol, long instrumentId, long startDay, long endDay) {}

  private final List<Mapped> all;

  /** Whether the next handle is of the same instrument and the same days. */
  private final boolean[] hasNextSame;

  private final long[] startDays;
  private final long[] endDays;

  /** What a slot of the table holds: the instrument, or -1; the last handle found and its days. */
  private static final int ID = 0;

  private static final int LAST = 1;
  private static final int LAST_START = 2;
  private static final int LAST_END = 3;
  private static final int SLOT_BITS = 2;

  /** Open addressing; a slot's values lie together, so that a lookup touches one cache line. */
  private final long[] slots;

  /** The handles of each slot's instrument. */
  private final int[] slotFirst;

  private final int[] slotEnd;
  private final int mask;

  private SymbolTimeline(List<Mapped> all) {
    this.all = List.copyOf(all);
    int n = all.size();
    hasNextSame = new boolean[n];
    startDays = new long[n];
    endDays = new long[n];
    int instruments = 0;
    for (int h = 0; h < n; h++) {
      Mapped mapped = all.get(h);
      startDays[h] = mapped.startDay();
      endDays[h] = mapped.endDay();
      boolean sameInstrument = h > 0 && all.get(h - 1).instrumentId() == mapped.instrumentId();
      instruments += sameInstrument ? 0 : 1;
      if (sameInstrument && startDays[h - 1] == mapped.startDay()) {
        hasNextSame[h - 1] = true;
      }
    }
    int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, instruments)) * 4);
    mask = capacity - 1;
    slots = new long[capacity << SLOT_BITS];
    Arrays.fill(slots, -1);
    slotFirst = new int[capacity];
    slotEnd = new int[capacity];
    fillSlots();
  }

  private void fillSlots() {
    for (int h = 0; h < all.size(); h++) {
      int slot = slot(all.get(h).instrumentId());
      if (slots[(slot << SLOT_BITS) + ID] < 0) {
        slots[(slot << SLOT_BITS) + ID] = all.get(h).instrumentId();
        slotFirst[slot] = h;
        remember(slot, h);
      }
      slotEnd[slot] = h + 1;
    }
  }

  /**
   * The timeline of a stream. It is empty when the metadata has no mappings, or when neither side
   * of them is an instrument id.
   *
   * @throws DbnFormatException if an instrument id in the mappings is not a number of 32 bits
   */
  public static SymbolTimeline of(DbnMetadata metadata) throws DbnFormatException {
    return new SymbolTimeline(TimelinePieces.of(metadata));
  }

  /** Where the instrument is, or the free slot where it would be. */
  private int slot(long instrumentId) {
    int slot = (int) ((instrumentId * 0x9E3779B97F4A7C15L) >>> 33) & mask;
    while (true) {
      long there = slots[(slot << SLOT_BITS) + ID];
      if (there == instrumentId || there < 0) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private void remember(int slot, int handle) {
    int at = slot << SLOT_BITS;
    slots[at + LAST] = handle;
    slots[at + LAST_START] = startDays[handle];
    slots[at + LAST_END] = endDays[handle];
  }

  /**
   * The first symbol of an instrument on a day.
   *
   * @param instrumentId 0 to 2^32-1
   * @param epochDay UTC day, in days since 1970
   * @return its handle, or {@link #NONE}
   */
  public int lookup(long instrumentId, long epochDay) {
    int slot = slot(instrumentId);
    int at = slot << SLOT_BITS;
    if (slots[at + ID] < 0) {
      return NONE;
    }
    if (slots[at + LAST_START] <= epochDay && epochDay < slots[at + LAST_END]) {
      return (int) slots[at + LAST];
    }
    return search(slot, epochDay);
  }

  private int search(int slot, long epochDay) {
    int low = slotFirst[slot];
    int high = slotEnd[slot];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (endDays[middle] <= epochDay) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // The lowest handle whose days do not end before this one: the first symbol of its days.
    if (low == slotEnd[slot] || startDays[low] > epochDay) {
      return NONE;
    }
    remember(slot, low);
    return low;
  }

  /** The next symbol of the same instrument on the same days, or {@link #NONE}. */
  public int nextSame(int handle) {
    return hasNextSame[handle] ? handle + 1 : NONE;
  }

  /** What a handle stands for. */
  public Mapped mapped(int handle) {
    return all.get(handle);
  }

  /** Everything, by handle. */
  public List<Mapped> all() {
    return all;
  }
}
