package dev.backfill.emulator.market;

import dev.backfill.schemas.BarSize;

/** Walks the bars of one series that start in [start, end), block by block. Not thread-safe. */
final class SeriesCursor {
  static final long DONE = Long.MAX_VALUE;

  private final BlockStore store;
  private final Series series;
  private final BarSize size;
  private final long endSeconds;
  private final int lastBlock;
  private int blockNumber;
  private Block block;
  private int at;
  private int stop;

  /** A cursor on its first bar; times in seconds since 1970, end exclusive. */
  SeriesCursor(BlockStore store, Series series, BarSize size, long startSeconds, long endSeconds) {
    this.store = store;
    this.series = series;
    this.size = size;
    int firstDay =
        Math.max(day(startSeconds), (int) series.trading().product().first().toEpochDay());
    int lastDay =
        Math.min(day(endSeconds - 1), (int) series.trading().product().last().toEpochDay());
    this.endSeconds = endSeconds;
    this.blockNumber = BlockMaker.blockOf(size, firstDay);
    this.lastBlock = lastDay < firstDay ? blockNumber - 1 : BlockMaker.blockOf(size, lastDay);
    this.block = Block.EMPTY;
    if (blockNumber <= lastBlock) {
      open();
      at = block.firstAtLeast(startSeconds);
    }
    settle();
  }

  private static int day(long seconds) {
    return (int) Math.floorDiv(seconds, 86_400L);
  }

  private void open() {
    block = store.block(series, size, blockNumber);
    at = 0;
    stop = blockNumber == lastBlock ? block.firstAtLeast(endSeconds) : block.size;
  }

  private void settle() {
    while (at >= stop && blockNumber < lastBlock) {
      blockNumber++;
      open();
    }
  }

  /** Start of the bar under the cursor in seconds; {@link #DONE} at the end. */
  long seconds() {
    return at < stop ? block.seconds(at) : DONE;
  }

  void advance() {
    at++;
    if (at >= stop) {
      settle();
    }
  }

  /** Bars from the cursor to the end; the cursor is at the end then. */
  long countRest() {
    long count = 0;
    while (at < stop) {
      count += stop - at;
      at = stop;
      settle();
    }
    return count;
  }

  Series series() {
    return series;
  }

  Contract contract() {
    return series.trading().contract(block.contract(at));
  }

  Block block() {
    return block;
  }

  int index() {
    return at;
  }
}
