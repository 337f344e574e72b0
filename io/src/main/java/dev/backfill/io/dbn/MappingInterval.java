package dev.backfill.io.dbn;

import java.time.LocalDate;

/**
 * What a requested symbol stood for on some days.
 *
 * @param start first UTC date
 * @param end UTC date after the last
 * @param symbol the symbol on the output side (an instrument id in decimal when that is what was
 *     asked for); empty in old files where there was none
 */
public record MappingInterval(LocalDate start, LocalDate end, String symbol) {}
