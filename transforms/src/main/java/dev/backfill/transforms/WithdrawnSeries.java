package dev.backfill.transforms;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Series that are loaded, and of which FRED says now that there are none: it has withdrawn them.
 * Loaded as it stands, that answer would replace what nobody can fetch again.
 */
public final class WithdrawnSeries {
  private WithdrawnSeries() {}

  /**
   * What has landed, but for the answers that a series is unknown which is loaded: they are no news
   * to load.
   *
   * @param ledger asked only where something is unknown; what was served of each symbol, see {@link
   *     Ledger#served}
   */
  public static List<LandedChunk> without(
      List<LandedChunk> landed, Supplier<Map<String, List<CoverageRow>>> ledger) {
    if (landed.stream().noneMatch(WithdrawnSeries::saysUnknown)) {
      return landed;
    }
    Map<String, List<CoverageRow>> served = ledger.get();
    return landed.stream().filter(one -> !isWithdrawn(one, served)).toList();
  }

  private static boolean isWithdrawn(LandedChunk landed, Map<String, List<CoverageRow>> served) {
    return saysUnknown(landed)
        && served.getOrDefault(landed.getChunk().getSymbols().get(0), List.of()).stream()
            .anyMatch(row -> row.state() == CoverageState.LOADED);
  }

  /**
   * The answers as they are to be loaded: such a one has failed, and so changes no row. The next
   * plan sees that the series is gone.
   */
  static List<LandedChunk> kept(Database database, TargetSpec target, List<LandedChunk> group) {
    if (group.stream().noneMatch(WithdrawnSeries::saysUnknown)) {
      return group;
    }
    Chunk any = group.get(0).getChunk();
    Map<String, List<CoverageRow>> served =
        new Ledger(database)
            .served(
                target.table(),
                any.getSource(),
                any.getDataset(),
                any.getSchemaName(),
                any.getStypeIn());
    return group.stream()
        .map(landed -> isWithdrawn(landed, served) ? failed(landed) : landed)
        .toList();
  }

  private static boolean saysUnknown(LandedChunk landed) {
    return landed.getState() == LandedState.UNRESOLVED
        && landed.getChunk().getSource().equals(Fred.SOURCE);
  }

  private static LandedChunk failed(LandedChunk landed) {
    return LandedChunk.newBuilder(landed)
        .setState(LandedState.FAILED)
        .setError("FRED does not know this series any more; what is loaded of it is kept")
        .build();
  }
}
