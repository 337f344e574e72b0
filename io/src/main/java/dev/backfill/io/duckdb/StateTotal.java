package dev.backfill.io.duckdb;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a table's coverage comes to in one state.
 *
 * @param table full name of the target table
 * @param schema the service's schema, e.g. ohlcv-1h; the last by name where there are several
 * @param state what is known of these intervals
 * @param symbols how many series have such an interval
 * @param intervals how many rows of the ledger say it
 * @param rows rows of the table in them
 * @param days their lengths added up over all series, in days
 * @param first where the earliest begins, UTC
 * @param last where the latest ends, UTC, exclusive
 * @param unverified how many the service's own count disagreed with
 * @param recheckAfter when the first of them is to be looked at again; null if none is
 */
public record StateTotal(
    String table,
    String schema,
    CoverageState state,
    long symbols,
    long intervals,
    long rows,
    double days,
    Instant first,
    Instant last,
    long unverified,
    @Nullable Instant recheckAfter) {}
