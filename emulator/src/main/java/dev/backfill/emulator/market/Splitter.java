package dev.backfill.emulator.market;

/**
 * Cuts a bar into the bars of its sixty parts so that they aggregate to it exactly: the first opens
 * where it opens, the last closes where it closes, one reaches its high and one its low, the
 * volumes add up. Reused; not thread-safe.
 */
final class Splitter {
  /** A bar with fewer lots than this has one price. */
  static final int LOTS_PER_RANGE = 4;

  private static final long ALL = (1L << 60) - 1;
  private static final int LOTS_PER_PART = 8;

  final int[] slot = new int[60];
  final int[] open = new int[60];
  final int[] high = new int[60];
  final int[] low = new int[60];
  final int[] close = new int[60];
  final int[] volume = new int[60];
  private final int[] weight = new int[60];
  private int parts;

  /** Cuts a bar and says into how many parts; the parts are in the arrays. */
  int split(long mask, int o, int h, int l, int c, int v, long key) {
    long allowed = mask == 0 ? ALL : mask;
    long weights = choose(allowed, v, key);
    shareVolume(v, weights);
    walk(o, h, l, c, key);
    return parts;
  }

  private long choose(long mask, int v, long key) {
    int most = Math.max(1, v / LOTS_PER_RANGE);
    double p = (double) v / (Long.bitCount(mask) * LOTS_PER_PART);
    int n = 0;
    long weights = 0;
    for (long rest = mask; rest != 0 && n < most; rest &= rest - 1) {
      int at = Long.numberOfTrailingZeros(rest);
      long h = Hash.of(key, at);
      if (p >= 1 || Hash.unit(h) < p) {
        slot[n] = at;
        weight[n] = 64 + (int) (h & 0x3ff);
        weights += weight[n++];
      }
    }
    if (n == 0) {
      slot[0] = Long.numberOfTrailingZeros(mask);
      weight[0] = 1;
      weights = 1;
      n = 1;
    }
    parts = n;
    return weights;
  }

  private void shareVolume(int v, long weights) {
    int least = v < LOTS_PER_RANGE ? v : LOTS_PER_RANGE;
    long spare = v - (long) least * parts;
    long given = 0;
    for (int i = 0; i < parts; i++) {
      long share = spare * weight[i] / weights;
      volume[i] = least + (int) share;
      given += share;
    }
    volume[parts - 1] += (int) (spare - given);
  }

  private void walk(int o, int h, int l, int c, long key) {
    int range = h - l;
    int at = o;
    int top = 0;
    int bottom = 0;
    for (int i = 0; i < parts; i++) {
      long noise = Hash.of(~key, slot[i]);
      double t = (i + 1.0) / parts;
      double wave = Hash.gauss(noise) * range * 0.45 * Math.sqrt(t * (1 - t));
      int to = i == parts - 1 ? c : clamp((int) Math.rint(o + (c - o) * t + wave), l, h);
      int reach = range / 10 + 1;
      open[i] = at;
      close[i] = to;
      high[i] = Math.min(h, Math.max(at, to) + (int) (((noise & 0xff) * reach) >>> 8));
      low[i] = Math.max(l, Math.min(at, to) - (int) ((((noise >>> 8) & 0xff) * reach) >>> 8));
      top = high[i] > high[top] ? i : top;
      bottom = low[i] < low[bottom] ? i : bottom;
      // The next part opens a tick away now and then.
      at = clamp(to + (int) ((noise >>> 24) & 3) / 3, l, h);
    }
    high[top] = h;
    low[bottom] = l;
  }

  private static int clamp(int value, int low, int high) {
    return Math.max(low, Math.min(high, value));
  }
}
