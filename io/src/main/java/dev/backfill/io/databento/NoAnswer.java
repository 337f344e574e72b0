package dev.backfill.io.databento;

import dev.backfill.io.databento.HistoricalClient.Mapped;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it means for a chunk that no answer to it came. */
final class NoAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(NoAnswer.class);
  private static final String NOTHING_RESOLVES = "symbology_invalid_request";

  private final HistoricalClient client;

  NoAnswer(HistoricalClient client) {
    this.client = client;
  }

  /** The outcome of a download that failed for good. */
  LandedChunk outcome(Chunk chunk, String runId, ChunkDownload download, IOException failure)
      throws IOException {
    LandedState state = LandedState.FAILED;
    LandedChunk.Builder outcome =
        Outcomes.of(chunk, state, runId, download.askedAtNs())
            .setAttempts(download.attempts())
            .setCostEstimateUsd(download.costUsd())
            .setError(String.valueOf(failure.getMessage()));
    if (failure instanceof DatabentoApiException refusal) {
      state = stateOf(chunk, refusal);
      outcome.setHttpStatus(refusal.status()).setRequestId(refusal.requestId());
    }
    // The message names the call; the chunk's range is what it lacks.
    if (state == LandedState.FAILED) {
      LOG.warn("{}: {}", Outcomes.about(chunk), failure.getMessage());
    } else {
      LOG.info("{} is {}: {}", Outcomes.about(chunk), state, failure.getMessage());
    }
    return outcome.setState(state).build();
  }

  private LandedState stateOf(Chunk chunk, DatabentoApiException refusal) throws IOException {
    if (refusal.lacksRights()) {
      return LandedState.NOT_ENTITLED;
    }
    boolean unresolved = refusal.status() == 422 && NOTHING_RESOLVES.equals(refusal.errorCase());
    return unresolved && nothingResolves(chunk) ? LandedState.UNRESOLVED : LandedState.FAILED;
  }

  /** Whether the refusal is about every symbol: one bad parent takes good ones with it. */
  private boolean nothingResolves(Chunk chunk) throws IOException {
    if (chunk.getSymbols().size() == 1) {
      return true;
    }
    if (chunk.getStypeIn().equals("parent")) {
      return false;
    }
    try {
      return client
          .resolve(
              chunk.getDataset(),
              chunk.getSymbols(),
              chunk.getStypeIn(),
              chunk.getStypeIn().equals("instrument_id") ? "raw_symbol" : "instrument_id",
              Times.date(chunk.getStartNs()),
              Times.date(chunk.getEndNs() - 1).plusDays(1))
          .result()
          .values()
          .stream()
          .allMatch(List<Mapped>::isEmpty);
    } catch (DatabentoApiException e) {
      if (e.stopsRun()) {
        throw e;
      }
      return NOTHING_RESOLVES.equals(e.errorCase());
    } catch (ServiceConnectionException e) {
      LOG.warn(
          "Whether any symbol of {} resolves is not known: {}",
          Outcomes.about(chunk),
          e.getMessage());
      return false;
    }
  }
}
