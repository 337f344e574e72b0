package dev.backfill.io.duckdb;

import java.io.Serial;

/** The database was filled from another API origin: made-up and bought rows never mix. Exit 5. */
public final class OriginConflictException extends DatabaseException {
  @Serial private static final long serialVersionUID = 1L;

  OriginConflictException(String database, String source, String known, String asked) {
    super(
        "The database "
            + database
            + " was filled with "
            + source
            + " data from "
            + known
            + ", and this run would ask "
            + asked
            + ". Rows of two origins never mix: use another database file (--db), or the first"
            + " origin's --api-url");
  }
}
