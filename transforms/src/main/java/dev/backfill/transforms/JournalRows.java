package dev.backfill.transforms;

import dev.backfill.io.duckdb.RequestRow;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.List;

/** The landing's journal as rows of ops.requests. */
public final class JournalRows {
  private JournalRows() {}

  /** What the journal says of a run so far; entering it again is harmless. */
  public static List<RequestRow> of(String landing, String runId) throws IOException {
    return of(LandingArea.at(landing).requests(runId));
  }

  /** Entries of a journal as rows. */
  public static List<RequestRow> of(List<RequestEntry> entries) {
    return entries.stream().map(JournalRows::row).toList();
  }

  /** What the journal says of all runs. */
  public static List<RequestRow> all(String landing) throws IOException {
    return LandingArea.at(landing).requests().stream().map(JournalRows::row).toList();
  }

  private static RequestRow row(RequestEntry e) {
    return new RequestRow(
        e.requestNo(),
        e.runId(),
        e.chunkId(),
        e.apiOrigin(),
        e.method(),
        e.attempt(),
        Times.instant(e.startedAtNs()),
        e.seconds(),
        e.httpStatus(),
        e.outcome(),
        e.requestId(),
        e.bytesReceived(),
        e.billableBytes(),
        e.costEstimateUsd());
  }
}
