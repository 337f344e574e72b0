package dev.backfill.emulator.fred;

import dev.backfill.schemas.FredCatalog;
import java.time.Instant;
import java.time.LocalDate;

/**
 * What the endpoint {@code series} tells of a series.
 *
 * @param entry title, frequency and units
 * @param first date of the first observation
 * @param last date of the last
 * @param isAdjusted for the season
 * @param popularity 1 to 100
 */
public record FredInfo(
    FredCatalog.Entry entry,
    LocalDate first,
    LocalDate last,
    Instant lastUpdated,
    boolean isAdjusted,
    int popularity) {}
