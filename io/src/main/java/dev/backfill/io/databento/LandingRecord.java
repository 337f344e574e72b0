package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Received;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down how a chunk ended, as its sidecar has it. Safe for several threads. */
final class LandingRecord {
  private static final Logger LOG = LoggerFactory.getLogger(LandingRecord.class);

  private final LandingArea landing;
  private final ContractsAsker contracts;
  private final NoAnswer noAnswer;

  LandingRecord(LandingArea landing, ContractsAsker contracts, NoAnswer noAnswer) {
    this.landing = landing;
    this.contracts = contracts;
    this.noAnswer = noAnswer;
  }

  /** Its answer has its name in the landing. */
  LandedChunk landed(LandingTask task, ChunkDownload download, Received received)
      throws IOException {
    Chunk chunk = task.chunk();
    List<String> warnings = new ArrayList<>(received.warnings());
    if (!received.verified()) {
      LOG.warn("{}: {}", Outcomes.about(chunk), warnings.get(warnings.size() - 1));
    }
    warnings.addAll(task.warnings());
    String contractsFile =
        contracts.land(chunk, download.askedAtNs(), received.decoded().metadata());
    return landing.record(
        Outcomes.of(chunk, LandedState.LANDED, task.runId(), download.askedAtNs())
            .setFile(received.file().file())
            .setContractsFile(contractsFile)
            .setBytes(received.file().bytes())
            .setSha256(received.file().sha256())
            .setRecordCount(received.decoded().records())
            .setExpectedRecords(received.expectedRecords())
            .setVerified(received.verified())
            .setRequestId(received.requestId())
            .setWarnings(warnings)
            .setAttempts(download.attempts())
            .setCostEstimateUsd(download.costUsd())
            .setHttpStatus(200)
            .build());
  }

  /** Its parts are to be landed instead. */
  LandedChunk split(LandingTask task, ChunkDownload download, TooLargeException e)
      throws IOException {
    Chunk chunk = task.chunk();
    String why =
        e.getMessage() + ". Split into " + e.parts().size() + " parts, each a chunk of its own";
    LOG.info("{}: {}", Outcomes.about(chunk), why);
    return landing.record(
        Outcomes.of(chunk, LandedState.SPLIT, task.runId(), download.askedAtNs())
            .setParts(e.parts())
            .setAttempts(download.attempts())
            .setCostEstimateUsd(download.costUsd())
            .setHttpStatus(e.getCause() instanceof DatabentoApiException r ? r.status() : 0)
            .setError(why)
            .setWarnings(task.warnings())
            .build());
  }

  /** No answer came, for good. */
  LandedChunk withoutAnswer(LandingTask task, ChunkDownload download, IOException failure)
      throws IOException {
    LandedChunk outcome = noAnswer.outcome(task.chunk(), task.runId(), download, failure);
    outcome.setWarnings(task.warnings());
    return landing.record(outcome);
  }
}
