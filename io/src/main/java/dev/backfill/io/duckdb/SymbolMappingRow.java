package dev.backfill.io.duckdb;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which contract stood behind a requested symbol.
 *
 * @param dataset e.g. GLBX.MDP3
 * @param symbol as requested
 * @param stypeIn how it was read
 * @param startDate UTC, inclusive
 * @param endDate UTC, exclusive
 * @param instrumentId the contract's number in those days
 * @param rawSymbol the contract's own name
 */
public record SymbolMappingRow(
    String dataset,
    String symbol,
    String stypeIn,
    LocalDate startDate,
    LocalDate endDate,
    @Nullable Long instrumentId,
    @Nullable String rawSymbol) {}
