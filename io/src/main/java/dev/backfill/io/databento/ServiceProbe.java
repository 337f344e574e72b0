package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.databento.CircuitBreaker.Probe;
import dev.backfill.io.databento.HistoricalClient.Answer;
import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.http.HttpChannel;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.Optional;

/**
 * The tiny request that tells a chunk which is too large from a service that is down: one symbol
 * over one interval. It may cost a record, so it is in the journal, without a chunk. Safe for
 * several threads.
 */
final class ServiceProbe {
  private static final int TOO_MANY_REQUESTS = 429;

  private final Tools tools;

  ServiceProbe(Tools tools) {
    this.tools = tools;
  }

  /** What to ask to find out whether the service answers, or only not this chunk. */
  Probe of(Chunk chunk, String runId) {
    KnownSymbols known = KnownSymbols.of(tools.apiOrigin(), chunk);
    return new Probe() {
      private int attempt = 1;

      @Override
      public void paused() {
        attempt++;
      }

      @Override
      public boolean isAnswered() throws IOException {
        return ServiceProbe.this.isAnswered(ChunkSplitter.smallest(chunk), runId, attempt);
      }

      @Override
      public boolean hasOther() {
        return known.otherThan(chunk).isPresent();
      }

      @Override
      public boolean isOtherAnswered() throws IOException {
        Optional<Chunk> other = known.otherThan(chunk);
        return other.isPresent() && ServiceProbe.this.isAnswered(other.get(), runId, attempt);
      }
    };
  }

  /**
   * Whether the service answers, if only to refuse.
   *
   * @param tiny what to ask
   * @param attempt 1, or more after so many pauses less one: the ledger counts pauses by it
   * @throws DatabentoApiException if no request of this key can succeed
   */
  boolean isAnswered(Chunk tiny, String runId, int attempt) throws IOException {
    AnswerReader reader = new AnswerReader(tiny);
    long now = Times.nanos(tools.clock().instant());
    RequestEntry sent =
        tools
            .journal()
            .sent(
                runId,
                null,
                tools.apiOrigin(),
                ChunkDownload.METHOD,
                attempt,
                now,
                ChunkCost.mostBytes(tiny),
                ChunkCost.usd(tiny, ChunkCost.mostBytes(tiny)));
    long since = System.nanoTime();
    // In doubt until more is known.
    String outcome = RequestEntry.UNKNOWN;
    int status = 0;
    String requestId = "";
    long bytes = 0;
    try (Answer answer = tools.client().getRange(ChunkDownload.query(tiny))) {
      status = 200;
      requestId = answer.requestId();
      outcome = RequestEntry.CUT;
      CountingInputStream body = new CountingInputStream(answer.body());
      try {
        reader.read(body);
        outcome = RequestEntry.OK;
      } finally {
        bytes = body.count();
      }
      KnownSymbols.of(tools.apiOrigin(), tiny).answered(tiny);
      return true;
    } catch (DbnFormatException e) {
      // Whatever is wrong with it, it is an answer.
      return true;
    } catch (DatabentoApiException e) {
      outcome = RequestEntry.FAILED;
      status = e.status();
      requestId = e.requestId();
      if (e.stopsRun()) {
        throw e;
      }
      // A refusal is an answer too.
      return !e.isRetryable() || status == TOO_MANY_REQUESTS;
    } catch (IOException e) {
      if (HttpChannel.neverSent(e)) {
        outcome = RequestEntry.FAILED;
      }
      if (RetryPolicy.isRetryable(e)) {
        return false;
      }
      throw e;
    } finally {
      long billed = reader.recordBytes();
      if (outcome.equals(RequestEntry.CUT)) {
        long counted = counted(tiny);
        outcome = counted < 0 ? RequestEntry.UNKNOWN : outcome;
        billed = Math.max(billed, counted);
      }
      if (outcome.equals(RequestEntry.UNKNOWN)) {
        billed = Math.max(billed, ChunkCost.mostBytes(tiny));
      }
      double usd = ChunkCost.usd(tiny, billed);
      double seconds = (System.nanoTime() - since) / 1e9;
      RequestEntry ended = sent.ended(outcome, seconds, status, requestId, bytes, billed, usd);
      tools.journal().ended(ended);
      // No plan has priced it: it counts against the cap like an answer that came to nothing.
      tools.guard().lost(usd, billed);
      tools.listener().accept(ended);
    }
  }

  /**
   * The bytes that the service counts; below 0 where it does not tell, for whatever reason: what
   * the answer came to must be written all the same. Free.
   */
  private long counted(Chunk tiny) {
    try {
      RecordCount count = new RecordCount(tools.client(), ChunkDownload.query(tiny));
      return count.value() * ChunkCost.recordBytes(tiny.getSchemaName());
    } catch (IOException e) {
      return -1;
    }
  }
}
