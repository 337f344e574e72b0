package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code forget} is asked for. Immutable.
 *
 * @param parts the symbols and the range of each are what is forgotten
 * @param database the DuckDB file
 * @param landing where the raw answers are; what it holds costs nothing to get back
 * @param api the service, for the price of getting the rest back; empty where there is no key
 * @param deleteRows whether the table's rows go too
 * @param dryRun say it, change nothing
 * @param patience how long to wait for another process
 */
public record ForgetOptions(
    List<Job> parts,
    Path database,
    LandingPlace landing,
    Optional<ApiOptions> api,
    boolean deleteRows,
    boolean dryRun,
    Duration patience) {}
