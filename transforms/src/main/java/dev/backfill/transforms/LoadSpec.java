package dev.backfill.transforms;

import dev.backfill.io.duckdb.TargetSpec;
import java.io.Serializable;

/**
 * What a load step needs to know, small enough to travel.
 *
 * @param target where the rows go
 * @param landing URI of the landing, whose journal enters the ledger with the rows
 * @param dataEndNs how far the service's data goes, UTC nanoseconds: what is empty near it is
 *     looked at again
 */
public record LoadSpec(TargetSpec target, String landing, long dataEndNs) implements Serializable {}
