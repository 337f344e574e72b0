package dev.backfill.emulator.market;

/** Deterministic noise: 64-bit mixing (the finalizer of SplitMix64) and numbers drawn from it. */
public final class Hash {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int TABLE_BITS = 10;
  private static final double[] LOG_NORMAL = logNormalTable();

  private Hash() {}

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A hash of {@code key} under {@code seed}. */
  public static long of(long seed, long key) {
    return mix(seed + (key + 1) * GOLDEN);
  }

  /** A hash of a text under {@code seed}, the same in every JVM. */
  public static long of(long seed, String key) {
    long h = seed;
    for (int i = 0; i < key.length(); i++) {
      h = of(h, key.charAt(i));
    }
    return h;
  }

  /** A number in [0, 1) from a hash. */
  public static double unit(long hash) {
    return (hash >>> 11) * 0x1.0p-53;
  }

  /** A roughly normal number (mean 0, deviation 1, within ±3.5) from a hash. */
  static double gauss(long h) {
    long sum = (h & 0xffff) + ((h >>> 16) & 0xffff) + ((h >>> 32) & 0xffff) + (h >>> 48);
    return (sum * 0x1.0p-16 - 2.0) * 1.7320508;
  }

  /** A positive number with mean near 1 and a long tail, from the upper bits of a hash. */
  static double logNormal(long h) {
    return LOG_NORMAL[(int) (h >>> (64 - TABLE_BITS))];
  }

  private static double[] logNormalTable() {
    double[] table = new double[1 << TABLE_BITS];
    double sum = 0;
    for (int i = 0; i < table.length; i++) {
      // StrictMath: the market must be the same on every machine.
      table[i] = StrictMath.exp(0.55 * gauss(mix(i * GOLDEN)));
      sum += table[i];
    }
    for (int i = 0; i < table.length; i++) {
      table[i] *= table.length / sum;
    }
    return table;
  }
}
