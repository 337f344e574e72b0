package dev.backfill.io.databento;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a chunk into smaller ones: symbols first, then time, on edges where the service counts
 * exactly, down to one symbol and one such interval. The parts are together the chunk, and none
 * overlaps another; the same chunk and size give the same parts. Pure.
 */
final class ChunkSplitter {
  /** A symbol is kept whole unless that takes so many times the least parts. */
  private static final double TOLERANCE = 1.1;

  /** Or, of so few, one more. */
  private static final int FEW = 6;

  private static final int DAYS_WORTH_WHOLE_DAYS = 2;

  private ChunkSplitter() {}

  /** How much is asked for: symbols × the bars that their time may hold, at least 1. */
  static long size(Chunk chunk) {
    long barNs = BarSize.ofSchema(chunk.getSchemaName()).map(BarSize::lengthNs).orElse(DAY);
    long bars = Math.max(1, (chunk.getEndNs() - chunk.getStartNs()) / barNs);
    return bars * chunk.getSymbols().size();
  }

  private static final long DAY = Times.DAY_NS;

  /** Whether nothing smaller can be asked for. */
  static boolean isSmallest(Chunk chunk) {
    return chunk.getSymbols().size() == 1 && cells(chunk, edgeNs(chunk)) == 1;
  }

  /** The least that is worth asking of it: its first symbol over its first interval. */
  static Chunk smallest(Chunk chunk) {
    long edge = edgeNs(chunk);
    long end = Math.min(chunk.getEndNs(), (Math.floorDiv(chunk.getStartNs(), edge) + 1) * edge);
    return part(chunk, chunk.getSymbols().subList(0, 1), chunk.getStartNs(), end);
  }

  /** The least of its end: its first symbol over its last interval. */
  static Chunk smallestAtEnd(Chunk chunk) {
    long edge = edgeNs(chunk);
    long start = Math.max(chunk.getStartNs(), Math.floorDiv(chunk.getEndNs() - 1, edge) * edge);
    return part(chunk, chunk.getSymbols().subList(0, 1), start, chunk.getEndNs());
  }

  /** Its first symbol, and the others; for chunks of several. */
  static List<Chunk> apart(Chunk chunk) {
    List<String> symbols = chunk.getSymbols();
    return List.of(
        part(chunk, symbols.subList(0, 1), chunk.getStartNs(), chunk.getEndNs()),
        part(chunk, symbols.subList(1, symbols.size()), chunk.getStartNs(), chunk.getEndNs()));
  }

  /** Two halves, by symbols or else by time; for chunks that are not the smallest. */
  static List<Chunk> halves(Chunk chunk) {
    return parts(chunk, Math.max(1, (size(chunk) + 1) / 2));
  }

  /**
   * All of it in parts of nearly equal size.
   *
   * @param size the most that a part may have, if it can be cut so small
   */
  static List<Chunk> parts(Chunk chunk, long size) {
    Grid grid = Grid.of(chunk, size);
    List<Chunk> parts = new ArrayList<>();
    for (int group = 0; group < grid.groups; group++) {
      for (int slice = 0; slice < grid.slices; slice++) {
        parts.add(grid.part(group, group + 1, slice, slice + 1));
      }
    }
    return parts;
  }

  /** One part of at most that size, then the rest in one or two large ones. */
  static List<Chunk> firstAndRest(Chunk chunk, long size) {
    Grid grid = Grid.of(chunk, size);
    List<Chunk> parts = new ArrayList<>();
    parts.add(grid.part(0, 1, 0, 1));
    if (grid.slices > 1) {
      parts.add(grid.part(0, 1, 1, grid.slices));
    }
    if (grid.groups > 1) {
      parts.add(grid.part(1, grid.groups, 0, grid.slices));
    }
    return parts;
  }

  private static long edgeNs(Chunk chunk) {
    // Other schemas have dates where they have edges at all.
    return BarSize.ofSchema(chunk.getSchemaName()).map(BarSize::edgeNs).orElse(DAY);
  }

  /** How many stretches between edges it touches. */
  private static long cells(Chunk chunk, long edgeNs) {
    return -Math.floorDiv(-chunk.getEndNs(), edgeNs) - Math.floorDiv(chunk.getStartNs(), edgeNs);
  }

  private static long ceilDiv(long a, long b) {
    return -Math.floorDiv(-a, b);
  }

  private static Chunk part(Chunk whole, List<String> symbols, long startNs, long endNs) {
    String id =
        ChunkId.of(
            whole.getSource(),
            whole.getDataset(),
            whole.getSchemaName(),
            whole.getStypeIn(),
            symbols,
            startNs,
            endNs);
    Chunk part =
        Chunk.newBuilder(whole)
            .setChunkId(id)
            .setSymbols(List.copyOf(symbols))
            .setStartNs(startNs)
            .setEndNs(endNs)
            .build();
    long records = whole.getEstimatedRecords();
    if (records >= 0) {
      part.setEstimatedRecords(Math.round((double) records * size(part) / size(whole)));
    }
    return part;
  }

  /** Groups of symbols × slices of time, each as even as can be. */
  private record Grid(Chunk chunk, int groups, int slices, long edgeNs) {

    /** As many whole symbols as may be; slices of one where not even that may be. */
    static Grid ofWholeSymbols(Chunk chunk, long size) {
      long each = ChunkSplitter.size(chunk) / chunk.getSymbols().size();
      return of(chunk, (int) Math.max(1, Math.min(widest(chunk), size / each)), size);
    }

    /** As few parts as may be, and among such as good as that the one that cuts time least. */
    static Grid of(Chunk chunk, long size) {
      Grid best = ofWholeSymbols(chunk, size);
      long least = best.parts();
      for (int width = 1; width <= widest(chunk); width++) {
        Grid grid = of(chunk, width, size);
        least = grid.fits(width, size) ? Math.min(least, grid.parts()) : least;
      }
      double most = least < FEW ? least + 1.0 : least * TOLERANCE;
      for (int width = 1; width <= widest(chunk); width++) {
        Grid grid = of(chunk, width, size);
        boolean isBetter = grid.slices < best.slices || best.parts() > most;
        if (grid.fits(width, size) && grid.parts() <= most && isBetter) {
          best = grid;
        }
      }
      return best;
    }

    /** A parent is many instruments: it is never joined with another. */
    private static int widest(Chunk chunk) {
      return chunk.getStypeIn().equals("parent") ? 1 : chunk.getSymbols().size();
    }

    private static Grid of(Chunk chunk, int width, long size) {
      int groups = (int) ceilDiv(chunk.getSymbols().size(), width);
      long edge = DAY;
      long cells = cellsFor(chunk, width, size, edge);
      if (cells < DAYS_WORTH_WHOLE_DAYS) {
        edge = ChunkSplitter.edgeNs(chunk);
        cells = cellsFor(chunk, width, size, edge);
      }
      long slices = ceilDiv(ChunkSplitter.cells(chunk, edge), Math.max(1, cells));
      return new Grid(chunk, groups, Math.toIntExact(slices), edge);
    }

    /** How many cells one part of so many symbols may have. */
    private static long cellsFor(Chunk chunk, int width, long size, long edge) {
      long barNs = BarSize.ofSchema(chunk.getSchemaName()).map(BarSize::lengthNs).orElse(DAY);
      return size / (width * Math.max(1, edge / barNs));
    }

    private boolean fits(int width, long size) {
      return cellsFor(chunk, width, size, edgeNs) > 0;
    }

    long parts() {
      return (long) groups * slices;
    }

    Chunk part(int fromGroup, int toGroup, int fromSlice, int toSlice) {
      List<String> symbols = chunk.getSymbols().subList(symbol(fromGroup), symbol(toGroup));
      return ChunkSplitter.part(chunk, symbols, startNs(fromSlice), startNs(toSlice));
    }

    /** The first of a group; the first groups are the larger ones. */
    private int symbol(int group) {
      return (int) ceilDiv((long) group * chunk.getSymbols().size(), groups);
    }

    private long startNs(int slice) {
      if (slice == 0) {
        return chunk.getStartNs();
      }
      if (slice == slices) {
        return chunk.getEndNs();
      }
      long first = Math.floorDiv(chunk.getStartNs(), edgeNs);
      return (first + ceilDiv(slice * ChunkSplitter.cells(chunk, edgeNs), slices)) * edgeNs;
    }
  }
}
