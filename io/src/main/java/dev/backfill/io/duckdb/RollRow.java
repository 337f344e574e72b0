package dev.backfill.io.duckdb;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One row of reference.databento_symbology: what a symbol stood for on some days.
 *
 * @param symbol as requested, e.g. ZL.v.0
 * @param start first UTC date
 * @param end UTC date after the last
 * @param instrumentId the instrument; it means another one some years later
 * @param contract the contract's own name; null where it is not known
 */
public record RollRow(
    String symbol, LocalDate start, LocalDate end, long instrumentId, @Nullable String contract) {}
