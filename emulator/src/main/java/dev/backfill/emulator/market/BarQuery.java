package dev.backfill.emulator.market;

import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bars of some symbols in a range, merged by time; at equal times in the order of the symbols.
 * An instrument that several symbols stand for appears once. Not thread-safe; each walk starts
 * anew.
 */
public final class BarQuery {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long DAY_SECONDS = 86_400;

  /**
   * A series and the seconds in which it is wanted.
   *
   * @param end exclusive
   */
  record Part(Series series, long start, long end) {}

  private final BlockStore store;
  private final Revisions revisions;
  private final BarSize size;
  private final List<Part> parts;
  private final Dataset dataset;

  BarQuery(BlockStore store, Revisions revisions, Dataset dataset, BarSize size, List<Part> parts) {
    this.store = store;
    this.revisions = revisions;
    this.dataset = dataset;
    this.size = size;
    this.parts = parts;
  }

  private List<SeriesCursor> cursors() {
    List<SeriesCursor> cursors = new ArrayList<>(parts.size());
    for (Part part : parts) {
      if (part.start() < part.end()) {
        cursors.add(new SeriesCursor(store, part.series(), size, part.start(), part.end()));
      }
    }
    return cursors;
  }

  /** How many bars there are. */
  public long count() {
    if (mayRepeat()) {
      long[] count = new long[1];
      try {
        forEach((ts, p, id, o, h, l, c, v) -> ++count[0] > 0);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return count[0];
    }
    long count = 0;
    for (Part part : parts) {
      if (part.start() < part.end()) {
        count += new SeriesCursor(store, part.series(), size, part.start(), part.end()).countRest();
      }
    }
    return count;
  }

  /** Whether there is no bar at all. */
  public boolean isEmpty() {
    return cursors().stream().allMatch(c -> c.seconds() == SeriesCursor.DONE);
  }

  /** Whether two parts may show the same contract at the same time. */
  private boolean mayRepeat() {
    Map<String, Series> seen = new HashMap<>();
    for (Part part : parts) {
      Series s = part.series();
      Series other = seen.put(s.trading().product().root() + "/" + s.publisher(), s);
      if (other != null && (other.contract() == null || s.contract() == null)) {
        return true;
      }
    }
    return false;
  }

  /** All bars in order, each with its contract's own name. */
  public List<MarketBar> toList() {
    List<MarketBar> bars = new ArrayList<>();
    try {
      walk((cursor, seconds) -> visit(cursor, seconds, named(cursor.contract(), bars)));
    } catch (IOException e) {
      throw new IllegalStateException("a list does no I/O", e);
    }
    return bars;
  }

  private static BarVisitor named(Contract contract, List<MarketBar> bars) {
    return (ts, publisher, id, open, high, low, close, volume) ->
        bars.add(
            new MarketBar(ts, id, publisher, contract.rawSymbol(), open, high, low, close, volume));
  }

  /** Visits the bars in order until the visitor has enough. */
  public void forEach(BarVisitor visitor) throws IOException {
    walk((cursor, seconds) -> visit(cursor, seconds, visitor));
  }

  /** Takes the bar under a cursor; false for enough. */
  private interface Taker {
    boolean take(SeriesCursor cursor, long seconds) throws IOException;
  }

  private void walk(Taker taker) throws IOException {
    List<SeriesCursor> cursors = cursors();
    int n = cursors.size();
    long[] next = new long[n];
    long now = SeriesCursor.DONE;
    for (int i = 0; i < n; i++) {
      next[i] = cursors.get(i).seconds();
      now = Math.min(now, next[i]);
    }
    Repeats repeats = mayRepeat() ? new Repeats() : null;
    while (now != SeriesCursor.DONE) {
      long soonest = SeriesCursor.DONE;
      for (int i = 0; i < n; i++) {
        if (next[i] == now) {
          SeriesCursor cursor = cursors.get(i);
          if ((repeats == null || repeats.isNew(now, cursor)) && !taker.take(cursor, now)) {
            return;
          }
          cursor.advance();
          next[i] = cursor.seconds();
        }
        soonest = Math.min(soonest, next[i]);
      }
      now = soonest;
    }
  }

  private boolean visit(SeriesCursor cursor, long seconds, BarVisitor visitor) throws IOException {
    Block block = cursor.block();
    int i = cursor.index();
    Product product = cursor.series().trading().product();
    long tick = product.tick();
    int day = (int) Math.floorDiv(seconds, DAY_SECONDS);
    long revised = tick * revisions.ticks(dataset, product.root(), day);
    return visitor.bar(
        seconds * SECOND_NS,
        dataset.publishers().get(cursor.series().publisher()).id(),
        cursor.contract().id(),
        block.open(i) * tick + revised,
        block.high(i) * tick + revised,
        block.low(i) * tick + revised,
        block.close(i) * tick + revised,
        block.volume(i));
  }

  /** Remembers which contracts were shown at the present time. */
  private static final class Repeats {
    private final java.util.Set<Object> shown = new java.util.HashSet<>();
    private long time = -1;

    boolean isNew(long now, SeriesCursor cursor) {
      if (now != time) {
        shown.clear();
        time = now;
      }
      return shown.add(List.of(cursor.contract(), cursor.series().publisher()));
    }
  }
}
