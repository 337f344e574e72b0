package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code repair} is asked for. Immutable.
 *
 * @param database the DuckDB file; made again where it is lost
 * @param landing where the raw answers are
 * @param api the service, for the price of what the landing does not hold; empty without a key
 * @param dryRun say it, change nothing
 * @param patience how long to wait for another process
 */
public record RepairOptions(
    Path database,
    LandingPlace landing,
    Optional<ApiOptions> api,
    boolean dryRun,
    Duration patience) {}
