package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code symbols} is asked for. Immutable.
 *
 * @param parts of the job; the symbols of each are resolved over its range
 * @param database the DuckDB file whose roll table is written; empty writes nothing
 * @param storageVersion the file format of a database that is made; empty means the default
 * @param api the service
 * @param patience how long to wait for another process
 */
public record SymbolsOptions(
    List<Job> parts,
    Optional<Path> database,
    Optional<String> storageVersion,
    ApiOptions api,
    Duration patience) {}
