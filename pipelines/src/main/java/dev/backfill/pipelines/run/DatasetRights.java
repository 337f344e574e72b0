package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which datasets this database's key has no right to, as ops.settings remembers it: of such a
 * dataset not even the range is known, so there is no range to write into ops.coverage. Only told,
 * never obeyed: each run asks again, and one that the dataset answers takes the note away.
 */
final class DatasetRights {
  private static final String SETTING = "not_entitled.";

  private DatasetRights() {}

  /** Notes that a dataset was refused as a whole. */
  static void refused(Database database, String dataset, Instant when) {
    new LedgerLog(database).setting(SETTING + dataset, when.toString());
  }

  /** Notes that a dataset has answered. */
  static void answered(Database database, String dataset) {
    if (refused(new Ledger(database)).contains(dataset)) {
      new LedgerLog(database).setting(SETTING + dataset, null);
    }
  }

  /** The datasets that were refused, and have not answered since. */
  static Set<String> refused(Ledger ledger) {
    return ledger.settings(SETTING).keySet().stream()
        .map(name -> name.substring(SETTING.length()))
        .collect(Collectors.toSet());
  }
}
