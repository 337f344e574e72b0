package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * How much the service answers at once is kept in the landing, which all workers see; the database
 * has a copy, for a landing that is new.
 */
final class RememberedSize {
  private static final String SETTING = "chunk_size.";

  private final LandingArea landing;
  private final List<Chunk> asked;

  RememberedSize(LandingArea landing, List<Chunk> asked) {
    this.landing = landing;
    this.asked = asked;
  }

  /** Gives a landing that remembers nothing what the database does. */
  void restore(Database database) throws IOException {
    if (asked.isEmpty()) {
      return;
    }
    String name = LandingArea.sizeName(asked.get(0));
    Optional<String> known = new Ledger(database).setting(SETTING + name);
    if (known.isPresent() && landing.size(name).isEmpty()) {
      landing.size(name, known.get().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Gives the database what the landing has learned. */
  void keep(Database database) throws IOException {
    if (asked.isEmpty()) {
      return;
    }
    String name = LandingArea.sizeName(asked.get(0));
    Optional<byte[]> known = landing.size(name);
    if (known.isPresent()) {
      new LedgerLog(database)
          .setting(SETTING + name, new String(known.get(), StandardCharsets.UTF_8));
    }
  }
}
