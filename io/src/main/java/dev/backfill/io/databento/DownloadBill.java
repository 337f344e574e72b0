package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the attempts of one download are billed, in the journal at each moment: if we die, what is
 * known by then is there. Safe for the thread of the download and the one that counts.
 */
final class DownloadBill {
  private static final Logger LOG = LoggerFactory.getLogger(DownloadBill.class);

  private final Tools tools;
  private final Chunk chunk;
  private final String runId;
  private @Nullable RequestEntry underWay;
  private long fullBytes;
  private boolean isCounted;
  private boolean isAnswered;

  DownloadBill(Tools tools, Chunk chunk, String runId) {
    this.tools = tools;
    this.chunk = chunk;
    this.runId = runId;
    this.fullBytes = ChunkCost.mostBytes(chunk);
  }

  /** An attempt is about to be sent: if we die, the most that it may have been billed is known. */
  synchronized RequestEntry sent(int number, long askedAtNs) throws IOException {
    isAnswered = false;
    RequestEntry sent =
        tools
            .journal()
            .sent(
                runId,
                chunk.getChunkId(),
                tools.apiOrigin(),
                ChunkDownload.METHOD,
                number,
                askedAtNs,
                fullBytes,
                usd(fullBytes));
    underWay = sent;
    FailPoint.BEFORE_REQUEST.pass();
    return sent;
  }

  /** The service has told how much there is: better than what there may be at most. */
  synchronized void counted(long records) {
    long each = ChunkCost.recordBytes(chunk.getSchemaName());
    if (each > 0) {
      fullBytes = records * each;
      isCounted = true;
      note();
    }
  }

  /** The answer has begun: it is billed. */
  synchronized void answered() {
    isAnswered = true;
    note();
  }

  private void note() {
    RequestEntry sent = underWay;
    if (sent == null) {
      return;
    }
    try {
      tools.journal().underWay(sent.underWay(isAnswered, isCounted, fullBytes, usd(fullBytes)));
    } catch (IOException e) {
      // The line before stands; what cannot be written will be told when the answer ends.
      LOG.debug("The journal did not take how far a request is", e);
    }
  }

  /** Whether the service has told how much there is. */
  synchronized boolean isCounted() {
    return isCounted;
  }

  /** All that an answer may be billed: by the service's count, else the most there may be. */
  synchronized long fullBytes() {
    return fullBytes;
  }

  /** An attempt has ended. */
  synchronized void ended(RequestEntry ended) throws IOException {
    underWay = null;
    tools.journal().ended(ended);
  }

  double usd(long bytes) {
    return ChunkCost.usd(chunk, bytes);
  }
}
