package dev.backfill.pipelines;

import java.nio.file.Path;

/**
 * What {@code demo} is asked for. Immutable.
 *
 * @param database the DuckDB file
 * @param landing where the raw answers are
 */
public record DemoOptions(Path database, LandingPlace landing) {}
