package dev.backfill.io.dbn;

import java.util.List;

/**
 * What one requested symbol stood for over time.
 *
 * @param rawSymbol the symbol on the input side, whatever its symbology
 * @param intervals its dated symbols on the output side
 */
public record SymbolMapping(String rawSymbol, List<MappingInterval> intervals) {
  /** Copies the list. */
  public SymbolMapping {
    intervals = List.copyOf(intervals);
  }
}
