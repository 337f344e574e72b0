package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.duckdb.RowSource.Stretch;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What a file proves of each wanted piece: when the symbol resolved, and when it did not. */
final class Stretches {
  private Stretches() {}

  /** The stretches of the pieces by the file's own mappings, in order. */
  static List<Stretch> of(DbnMetadata metadata, Series series, List<WantedPiece> pieces) {
    List<Stretch> stretches = new ArrayList<>();
    for (WantedPiece piece : pieces) {
      Coverage whole = Coverage.of(new Interval(piece.startNs(), piece.endNs()));
      Coverage resolved = resolved(metadata, series.withSymbol(piece.symbol())).intersect(whole);
      add(stretches, series, piece, resolved, true);
      add(stretches, series, piece, whole.minus(resolved), false);
    }
    stretches.sort(Comparator.comparing(Stretch::symbol).thenComparingLong(Stretch::startNs));
    return stretches;
  }

  /** The stretches of pieces of which nothing resolved. */
  static List<Stretch> unresolved(Series series, List<WantedPiece> pieces) {
    List<Stretch> stretches = new ArrayList<>();
    for (WantedPiece piece : pieces) {
      Coverage whole = Coverage.of(new Interval(piece.startNs(), piece.endNs()));
      add(stretches, series, piece, whole, false);
    }
    return stretches;
  }

  private static void add(
      List<Stretch> stretches,
      Series series,
      WantedPiece piece,
      Coverage part,
      boolean isResolved) {
    String tableSymbol = series.withSymbol(piece.symbol()).tableSymbol().orElse(null);
    for (Interval i : part.intervals()) {
      stretches.add(
          new Stretch(
              piece.symbol(), tableSymbol, i.startNs(), i.endNs(), isResolved, piece.covered()));
    }
  }

  /** A parent's mappings name its contracts, all others the symbol that was asked for. */
  private static Coverage resolved(DbnMetadata metadata, Series series) {
    return Coverage.of(
        metadata.mappings().stream()
            .filter(m -> series.isParent() || m.rawSymbol().equals(series.symbol()))
            .map(SymbolMapping::intervals)
            .flatMap(List::stream)
            .filter(i -> !i.symbol().isEmpty() && i.start().isBefore(i.end()))
            .map(Stretches::interval)
            .collect(Collectors.toList()));
  }

  private static Interval interval(MappingInterval days) {
    return new Interval(Times.nanos(days.start()), Times.nanos(days.end()));
  }
}
