package dev.backfill.emulator.market;

import dev.backfill.schemas.BarSize;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the blocks used last, up to a bound in bytes. Thread-safe; blocks are made outside the
 * lock.
 */
final class BlockStore {
  private static final long OVERHEAD = 300;

  private record Key(
      String root, int contract, char rule, int rank, int publisher, BarSize size, int block) {}

  private final Map<Key, Block> blocks = new LinkedHashMap<>(64, 0.75f, true);
  private final long maxBytes;
  private long bytes;

  BlockStore(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  Block block(Series series, BarSize size, int block) {
    Contract contract = series.contract();
    Key key =
        new Key(
            series.trading().product().root(),
            contract == null ? -1 : contract.index(),
            series.rule(),
            series.rank(),
            series.publisher(),
            size,
            block);
    synchronized (blocks) {
      Block known = blocks.get(key);
      if (known != null) {
        return known;
      }
    }
    Block made = BlockMaker.make(series, size, block);
    keep(key, made);
    return made;
  }

  private void keep(Key key, Block made) {
    synchronized (blocks) {
      if (blocks.put(key, made) == null) {
        bytes += cost(made);
      }
      var oldest = blocks.entrySet().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        bytes -= cost(oldest.next().getValue());
        oldest.remove();
      }
    }
  }

  private static long cost(Block block) {
    return OVERHEAD + (long) block.size * Block.BYTES_PER_BAR;
  }
}
