package dev.backfill.io.dbn;

import dev.backfill.io.dbn.SymbolTimeline.Mapped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns mappings into pieces: by instrument, then by time, each piece with the symbols that hold on
 * all of its days.
 */
final class TimelinePieces {
  private static final Comparator<Dated> BY_START =
      Comparator.comparingLong(dated -> dated.mapped.startDay());
  private static final Comparator<Dated> BY_ORDER = Comparator.comparingInt(Dated::order);

  /** An interval, and its place in the metadata. */
  private record Dated(int order, Mapped mapped) {}

  private final Map<Long, List<Dated>> byInstrument = new LinkedHashMap<>();
  private int count;

  private TimelinePieces() {}

  /** The pieces of all instruments; those of one are together, in the order of their days. */
  static List<Mapped> of(DbnMetadata metadata) throws DbnFormatException {
    boolean idIsOutput = metadata.stypeOut().equals(SType.INSTRUMENT_ID);
    if (!idIsOutput && !metadata.stypeIn().equals(SType.INSTRUMENT_ID)) {
      return List.of();
    }
    TimelinePieces pieces = new TimelinePieces();
    for (SymbolMapping mapping : metadata.mappings()) {
      for (MappingInterval interval : mapping.intervals()) {
        pieces.add(mapping.rawSymbol(), interval, idIsOutput);
      }
    }
    List<Mapped> cut = new ArrayList<>();
    pieces.byInstrument.values().forEach(intervals -> cut(intervals, cut));
    return cut;
  }

  private void add(String rawSymbol, MappingInterval interval, boolean idIsOutput)
      throws DbnFormatException {
    long start = interval.start().toEpochDay();
    long end = interval.end().toEpochDay();
    // An empty symbol is how old files say "none on these days".
    if (interval.symbol().isEmpty() || start >= end) {
      return;
    }
    long id = parseId(idIsOutput ? interval.symbol() : rawSymbol, rawSymbol);
    String symbol = idIsOutput ? rawSymbol : interval.symbol();
    byInstrument
        .computeIfAbsent(id, key -> new ArrayList<>())
        .add(new Dated(count++, new Mapped(symbol, id, start, end)));
  }

  private static long parseId(String text, String rawSymbol) throws DbnFormatException {
    try {
      return Integer.toUnsignedLong(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new DbnFormatException(
          "metadata: the mapping of '"
              + rawSymbol
              + "' has '"
              + text
              + "' where an instrument id, 0 to 4294967295, must be",
          MetadataDecoder.PRELUDE,
          DbnFormatException.NO_RECORD,
          e);
    }
  }

  /** Sweeps over an instrument's intervals and cuts them at each other's ends. */
  private static void cut(List<Dated> intervals, List<Mapped> pieces) {
    TreeSet<Long> edges = new TreeSet<>();
    for (Dated dated : intervals) {
      edges.add(dated.mapped.startDay());
      edges.add(dated.mapped.endDay());
    }
    intervals.sort(BY_START);
    List<Dated> open = new ArrayList<>();
    int next = 0;
    long from = edges.first();
    for (long to : edges.tailSet(from, false)) {
      long day = from;
      open.removeIf(dated -> dated.mapped.endDay() <= day);
      while (next < intervals.size() && intervals.get(next).mapped.startDay() == from) {
        open.add(intervals.get(next++));
      }
      open.sort(BY_ORDER);
      addPieces(open, from, to, pieces);
      from = to;
    }
  }

  private static void addPieces(List<Dated> open, long from, long to, List<Mapped> pieces) {
    Set<String> seen = new HashSet<>();
    for (Dated dated : open) {
      Mapped whole = dated.mapped;
      if (seen.add(whole.symbol())) {
        pieces.add(new Mapped(whole.symbol(), whole.instrumentId(), from, to));
      }
    }
  }
}
