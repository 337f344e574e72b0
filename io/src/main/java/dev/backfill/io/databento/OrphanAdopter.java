package dev.backfill.io.databento;

import dev.backfill.io.databento.AnswerReader.Decoded;
import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.LandingArea.Orphan;
import dev.backfill.io.landing.PendingAnswer;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a whole answer in the landing the sidecar that a crash has kept from it, so that it is not
 * bought again.
 */
final class OrphanAdopter {
  static final String SOURCE = "databento";
  private static final Logger LOG = LoggerFactory.getLogger(OrphanAdopter.class);

  private final HistoricalClient client;
  private final LandingArea landing;
  private final ContractsAsker contracts;

  OrphanAdopter(HistoricalClient client, LandingArea landing, ContractsAsker contracts) {
    this.client = client;
    this.landing = landing;
    this.contracts = contracts;
  }

  /** Adopts a file as the answer to a chunk, unless it is damaged. */
  Optional<LandedChunk> adopt(Chunk chunk, Orphan orphan, String runId) throws IOException {
    MessageDigest digest = PendingAnswer.sha256Digest();
    Decoded decoded;
    long bytes;
    try (CountingInputStream in = new CountingInputStream(LandingArea.open(orphan.file()))) {
      decoded = new AnswerReader(chunk).read(new DigestInputStream(in, digest));
      bytes = in.count();
    } catch (DbnFormatException | ServiceConnectionException e) {
      LandingArea.setAside(orphan, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    RecordCount count = new RecordCount(client, ChunkDownload.query(chunk));
    long expected = count.value();
    if (expected != decoded.records()) {
      expected = count.again();
    }
    boolean verified = expected == decoded.records();
    Optional<RequestEntry> request = request(orphan);
    String contractsFile =
        orphan.contractsFile().isEmpty()
            ? contracts.land(chunk, orphan.askedAtNs(), decoded.metadata())
            : orphan.contractsFile();
    LOG.info("{} was landed by a run that died, and is used", orphan.file());
    return Optional.of(
        landing.record(
            Outcomes.of(
                    chunk,
                    LandedState.LANDED,
                    request.map(RequestEntry::runId).orElse(runId),
                    orphan.askedAtNs())
                .setFile(orphan.file())
                .setContractsFile(contractsFile)
                .setBytes(bytes)
                .setSha256(HexFormat.of().formatHex(digest.digest()))
                .setRecordCount(decoded.records())
                .setExpectedRecords(expected)
                .setVerified(verified)
                .setWarnings(verified ? List.of() : List.of(warning(decoded, expected, count)))
                .setRequestId(request.map(RequestEntry::requestId).orElse(""))
                .setAttempts(request.map(RequestEntry::attempt).orElse(1))
                .setCostEstimateUsd(
                    request
                        .map(RequestEntry::costEstimateUsd)
                        .orElse(chunk.getUsdPerRecord() * decoded.records()))
                .setHttpStatus(200)
                .build()));
  }

  private static String warning(Decoded decoded, long expected, RecordCount count) {
    return expected == RecordCount.UNKNOWN
        ? "Not verified: the records could not be counted: " + count.failure()
        : "Not verified: the answer has "
            + decoded.records()
            + " records, and the service counts "
            + expected;
  }

  /** The request that brought the file, from the journal. */
  private Optional<RequestEntry> request(Orphan orphan) throws IOException {
    return landing.requests().stream()
        .filter(entry -> orphan.chunkId().equals(entry.chunkId()))
        .filter(entry -> entry.startedAtNs() == orphan.askedAtNs())
        .findFirst();
  }

  /**
   * The chunk that a file answers, from its own metadata; its price is not known.
   *
   * @return empty where the file is damaged, or its name says that more or other was asked
   */
  Optional<Chunk> chunkOf(Orphan orphan) throws IOException {
    DbnMetadata metadata;
    try (InputStream in = LandingArea.open(orphan.file());
        DbnReader reader = DbnReader.open(in)) {
      metadata = reader.metadata();
    } catch (DbnFormatException e) {
      LandingArea.setAside(orphan, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    String dataset = metadata.dataset();
    String schema = metadata.schema().apiName();
    String stypeIn = metadata.stypeIn().apiName();
    List<String> symbols = metadata.symbols();
    long start = metadata.startNs();
    long end = metadata.endNs();
    String id = ChunkId.of(SOURCE, dataset, schema, stypeIn, symbols, start, end);
    if (!id.equals(orphan.chunkId())) {
      LandingArea.setAside(orphan, "it answers another request than its name says");
      return Optional.empty();
    }
    return Optional.of(
        new Chunk(id, SOURCE, dataset, schema, stypeIn, symbols, start, end, -1L, 0d, 0L));
  }
}
