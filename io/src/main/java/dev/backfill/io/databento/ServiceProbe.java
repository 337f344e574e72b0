package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.databento.HistoricalClient.Answer;
import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Times;
import java.io.IOException;

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

  /**
   * Whether the service answers, if only to refuse.
   *
   * @param chunk what it is like
   * @throws DatabentoApiException if no request of this key can succeed
   */
  boolean isAnswered(Chunk chunk, String runId) throws IOException {
    Chunk tiny = ChunkSplitter.smallest(chunk);
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
                1,
                now,
                ChunkCost.recordBytes(chunk.getSchemaName()),
                chunk.getUsdPerRecord());
    long since = System.nanoTime();
    String outcome = RequestEntry.FAILED;
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
      return true;
    } catch (DbnFormatException e) {
      // Whatever is wrong with it, it is an answer.
      return true;
    } catch (DatabentoApiException e) {
      status = e.status();
      requestId = e.requestId();
      if (e.stopsRun()) {
        throw e;
      }
      // A refusal is an answer too.
      return !e.isRetryable() || status == TOO_MANY_REQUESTS;
    } catch (IOException e) {
      if (RetryPolicy.isRetryable(e)) {
        return false;
      }
      throw e;
    } finally {
      RequestEntry ended =
          sent.ended(
              outcome,
              (System.nanoTime() - since) / 1e9,
              status,
              requestId,
              bytes,
              reader.recordBytes(),
              chunk.getUsdPerRecord() * reader.records());
      tools.journal().ended(ended);
      // No plan has priced it: it counts against the cap like an answer that came to nothing.
      tools.guard().lost(chunk.getUsdPerRecord() * reader.records(), reader.recordBytes());
      tools.listener().accept(ended);
    }
  }
}
