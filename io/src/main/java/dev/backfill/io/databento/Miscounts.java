package dev.backfill.io.databento;

import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answers that earlier runs have thrown away because the service counted other numbers of
 * records, from the journal: one that comes again is as good as it gets. Safe for use by several
 * threads.
 */
final class Miscounts {
  private final LandingArea landing;
  private @Nullable Set<String> known;

  Miscounts(LandingArea landing) {
    this.landing = landing;
  }

  /** Whether a chunk was answered with these records before, and they were not taken. */
  synchronized boolean knows(String chunkId, RecordPrint print) throws IOException {
    if (known == null) {
      known = new HashSet<>();
      for (RequestEntry entry : landing.requests()) {
        if (entry.outcome().equals(RequestEntry.MISCOUNTED) && entry.print() != null) {
          known.add(entry.chunkId() + " " + entry.print());
        }
      }
    }
    return known.contains(chunkId + " " + print.text());
  }
}
