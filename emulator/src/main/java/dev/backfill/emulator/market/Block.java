package dev.backfill.emulator.market;

import java.util.Arrays;

/**
 * Some bars of one series, packed: 28 bytes a bar, prices in ticks, times in seconds from the
 * block's start. Immutable once built.
 */
final class Block {
  static final int BYTES_PER_BAR = 28;
  static final Block EMPTY = new Block(0, 0, new int[0][7]);

  final int size;
  private final long startSeconds;
  private final int[] time;
  private final int[] contract;
  private final int[] open;
  private final int[] high;
  private final int[] low;
  private final int[] close;
  private final int[] volume;

  private Block(long startSeconds, int size, int[][] columns) {
    this.startSeconds = startSeconds;
    this.size = size;
    boolean empty = size == 0;
    time = empty ? new int[0] : columns[0];
    contract = empty ? time : columns[1];
    open = empty ? time : columns[2];
    high = empty ? time : columns[3];
    low = empty ? time : columns[4];
    close = empty ? time : columns[5];
    volume = empty ? time : columns[6];
  }

  long seconds(int i) {
    return startSeconds + time[i];
  }

  /** Index of the contract in the product's chain. */
  int contract(int i) {
    return contract[i];
  }

  int open(int i) {
    return open[i];
  }

  int high(int i) {
    return high[i];
  }

  int low(int i) {
    return low[i];
  }

  int close(int i) {
    return close[i];
  }

  int volume(int i) {
    return volume[i];
  }

  /** Index of the first bar that starts at this second or later. */
  int firstAtLeast(long seconds) {
    if (seconds <= startSeconds) {
      return 0;
    }
    long relative = seconds - startSeconds;
    if (relative > Integer.MAX_VALUE) {
      return size;
    }
    int at = Arrays.binarySearch(time, 0, size, (int) relative);
    return at < 0 ? -at - 1 : at;
  }

  /** Collects bars in time order. */
  static final class Builder implements BarSink {
    private final long startSeconds;
    private final int[][] columns;
    private int size;

    Builder(long startSeconds, int expected) {
      this.startSeconds = startSeconds;
      this.columns = new int[7][Math.max(16, expected)];
    }

    @Override
    public void bar(
        long seconds, long minutes, Contract c, int open, int high, int low, int close, int vol) {
      if (size == columns[0].length) {
        for (int i = 0; i < columns.length; i++) {
          columns[i] = Arrays.copyOf(columns[i], size * 2);
        }
      }
      columns[0][size] = (int) (seconds - startSeconds);
      columns[1][size] = c.index();
      columns[2][size] = open;
      columns[3][size] = high;
      columns[4][size] = low;
      columns[5][size] = close;
      columns[6][size] = vol;
      size++;
    }

    Block build() {
      if (size == 0) {
        return EMPTY;
      }
      for (int i = 0; i < columns.length; i++) {
        columns[i] = Arrays.copyOf(columns[i], size);
      }
      return new Block(startSeconds, size, columns);
    }
  }
}
