package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.pipelines.LandingPlace;
import dev.backfill.transforms.JournalRows;
import java.io.IOException;
import java.util.List;

/**
 * Runs that a ledger calls running although this process has the right to write: they were killed.
 */
final class KilledRuns {
  private KilledRuns() {}

  /**
   * Marks them as interrupted. Their requests may be billed, so what the landing's journal knows of
   * them enters ops.requests first. Writes nothing where there is none.
   *
   * @param database open for writing
   * @param landing the landing whose journal is read
   * @throws IOException if the journal cannot be read; the runs then stay as they are
   */
  static void settle(Database database, LandingPlace landing) throws IOException {
    List<String> killed = new Ledger(database).running();
    if (killed.isEmpty()) {
      return;
    }
    LedgerLog log = new LedgerLog(database);
    for (String run : killed) {
      log.requests(JournalRows.of(landing.toString(), run));
    }
    log.interruptRunning();
  }
}
