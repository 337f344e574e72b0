package dev.backfill.pipelines;

import java.nio.file.Path;

/**
 * What {@code demo} is asked for. Immutable.
 *
 * @param database the DuckDB file
 * @param landing the folder of raw answers
 */
public record DemoOptions(Path database, Path landing) {}
