package dev.backfill.io.duckdb;

import java.io.Serial;
import java.nio.file.Path;

/** The ledger has rows of a table as loaded, and there is no such table. Exit 5. */
public final class TableGoneException extends DatabaseException {
  @Serial private static final long serialVersionUID = 1L;

  TableGoneException(Path database, String table, long rows) {
    super(
        String.format(
            java.util.Locale.ROOT,
            "The table %s is gone from %s, and the ledger has %,d rows of it as loaded, so nothing"
                + " of it would be asked for. Make them agree first: backfill repair --db %s loads"
                + " what the landing holds, for nothing, and says what the rest costs",
            table,
            database,
            rows,
            database));
  }
}
