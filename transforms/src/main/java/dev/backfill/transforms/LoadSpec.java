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
 * @param compares whether the rows that differ from what was there are counted
 */
public record LoadSpec(TargetSpec target, String landing, long dataEndNs, boolean compares)
    implements Serializable {
  /** Without a comparison. */
  public LoadSpec(TargetSpec target, String landing, long dataEndNs) {
    this(target, landing, dataEndNs, false);
  }
}
