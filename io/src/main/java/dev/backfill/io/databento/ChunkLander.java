package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Received;
import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.databento.HistoricalClient.Mapped;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.LandingArea.Holding;
import dev.backfill.io.landing.LandingArea.Orphan;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one chunk into the landing: bought once, verified, named when whole, its sidecar written
 * last. Killed at any point and called again, it buys nothing that is there in full.
 *
 * <p>Safe for several threads, if they land different chunks; the client, the journal and the
 * listener are theirs together.
 */
public final class ChunkLander {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkLander.class);
  private static final String NOTHING_RESOLVES = "symbology_invalid_request";

  private final Tools tools;
  private final Retrier retrier;
  private final ContractsAsker contracts;
  private final OrphanAdopter adopter;

  /**
   * A lander for one landing.
   *
   * @param apiOrigin who answers, for the journal; see {@link HistoricalClient#origin}
   * @param data how often an answer is bought again when it fails
   */
  public ChunkLander(
      HistoricalClient client,
      LandingArea landing,
      RequestJournal journal,
      String apiOrigin,
      RetryPolicy data,
      Sleeper sleeper,
      Clock clock) {
    this(
        new Tools(client, landing, journal, apiOrigin, clock, entry -> {}),
        new Retrier(data, sleeper, clock));
  }

  private ChunkLander(Tools tools, Retrier retrier) {
    this.tools = tools;
    this.retrier = retrier;
    this.contracts = new ContractsAsker(tools.client(), tools.landing());
    this.adopter = new OrphanAdopter(tools.client(), tools.landing(), contracts);
  }

  /** The same lander, which tells how each data request ended, in the thread that lands. */
  public ChunkLander withListener(Consumer<RequestEntry> listener) {
    return new ChunkLander(
        new Tools(
            tools.client(),
            tools.landing(),
            tools.journal(),
            tools.apiOrigin(),
            tools.clock(),
            listener),
        retrier);
  }

  /**
   * Lands a chunk. Where its answer is in the landing already, nothing is asked.
   *
   * @return how it ended; the sidecar says the same
   * @throws DatabentoApiException if no request of this key can succeed (401, 402, a locked
   *     account)
   * @throws IOException if the landing cannot be written, or the thread is interrupted
   */
  public LandedChunk land(Chunk chunk, String runId) throws IOException {
    Holding holding = tools.landing().look(chunk);
    Optional<LandedChunk> there = landed(holding);
    return there.isPresent() ? there.get() : landNow(chunk, runId, holding, false);
  }

  /**
   * Lands a new generation of a chunk beside what is there, once for a run: called again in the
   * same run, it gives the same.
   *
   * @return how it ended
   * @throws IOException as {@link #land} does
   */
  public LandedChunk landAgain(Chunk chunk, String runId) throws IOException {
    Holding holding = tools.landing().look(chunk);
    Optional<LandedChunk> there = landed(holding).filter(landed -> landed.getRunId().equals(runId));
    return there.isPresent() ? there.get() : landNow(chunk, runId, holding, true);
  }

  /**
   * Adopts the whole answers of a schema that have no sidecar because a run died, so that a plan
   * finds them whatever it asks for; and removes what runs that died have left half done, a day
   * after their last byte.
   */
  public List<LandedChunk> adoptOrphans(String dataset, String schema, String runId)
      throws IOException {
    // By the real clock, as files are: the injected one may stand still.
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    tools.landing().deleteTemporaries(OrphanAdopter.SOURCE, dataset, schema, yesterday);
    List<LandedChunk> adopted = new ArrayList<>();
    List<Orphan> orphans = tools.landing().orphans(OrphanAdopter.SOURCE, dataset, schema);
    for (Orphan orphan : ours(orphans)) {
      Optional<Chunk> chunk = adopter.chunkOf(orphan);
      if (chunk.isPresent()) {
        adopter.adopt(chunk.get(), orphan, runId).ifPresent(adopted::add);
      }
    }
    return adopted;
  }

  private static List<Orphan> ours(List<Orphan> orphans) {
    return orphans.stream().filter(orphan -> orphan.format().equals(Outcomes.FORMAT)).toList();
  }

  private static Optional<LandedChunk> landed(Holding holding) {
    return holding.newest().filter(landed -> landed.getState() == LandedState.LANDED);
  }

  private LandedChunk landNow(Chunk chunk, String runId, Holding holding, boolean again)
      throws IOException {
    long earliestNs = holding.nextAskedAtNs(tools.clock().instant());
    ChunkDownload download = new ChunkDownload(tools, chunk, runId, earliestNs);
    try {
      Optional<LandedChunk> adopted = adopted(chunk, runId, ours(holding.orphans()), again);
      if (adopted.isPresent()) {
        return adopted.get();
      }
      Received received = retrier.run(what(chunk), download::attempt);
      return finish(chunk, runId, download, received);
    } catch (DatabentoApiException e) {
      if (e.stopsRun()) {
        throw e;
      }
      return withoutAnswer(chunk, runId, download, e);
    } catch (IOException e) {
      // The own disk and an interrupt are no outcome of the chunk: it has not been answered badly.
      if (e instanceof DatabentoConnectionException || RetryPolicy.isRetryable(e)) {
        return withoutAnswer(chunk, runId, download, e);
      }
      throw e;
    }
  }

  private Optional<LandedChunk> adopted(
      Chunk chunk, String runId, List<Orphan> orphans, boolean again) throws IOException {
    Optional<LandedChunk> newest = Optional.empty();
    for (Orphan orphan : orphans) {
      Optional<LandedChunk> adopted = adopter.adopt(chunk, orphan, runId);
      newest = adopted.isPresent() ? adopted : newest;
    }
    return newest.filter(landed -> !again || landed.getRunId().equals(runId));
  }

  private static String what(Chunk chunk) {
    List<String> symbols = chunk.getSymbols();
    return ChunkDownload.METHOD
        + " of "
        + chunk.getDataset()
        + " "
        + chunk.getSchemaName()
        + " "
        + (symbols.size() == 1 ? symbols.get(0) : symbols.size() + " symbols")
        + " from "
        + Times.text(chunk.getStartNs())
        + " to "
        + Times.text(chunk.getEndNs());
  }

  private LandedChunk finish(Chunk chunk, String runId, ChunkDownload download, Received received)
      throws IOException {
    if (!received.verified()) {
      LOG.warn("{}: {}", what(chunk), received.warnings().get(received.warnings().size() - 1));
    }
    String contractsFile =
        contracts.land(chunk, download.askedAtNs(), received.decoded().metadata());
    return tools
        .landing()
        .record(
            Outcomes.of(chunk, LandedState.LANDED, runId, download.askedAtNs())
                .setFile(received.file().file())
                .setContractsFile(contractsFile)
                .setBytes(received.file().bytes())
                .setSha256(received.file().sha256())
                .setRecordCount(received.decoded().records())
                .setExpectedRecords(received.expectedRecords())
                .setVerified(received.verified())
                .setRequestId(received.requestId())
                .setWarnings(received.warnings())
                .setAttempts(download.attempts())
                .setCostEstimateUsd(download.costUsd())
                .setHttpStatus(200)
                .build());
  }

  private LandedChunk withoutAnswer(
      Chunk chunk, String runId, ChunkDownload download, IOException failure) throws IOException {
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
    if (state == LandedState.FAILED) {
      LOG.warn("{} failed: {}", what(chunk), failure.getMessage());
    } else {
      LOG.info("{} ended {}: {}", what(chunk), state, failure.getMessage());
    }
    return tools.landing().record(outcome.setState(state).build());
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
      return tools
          .client()
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
    } catch (DatabentoConnectionException e) {
      LOG.warn("Whether any symbol of {} resolves is not known: {}", what(chunk), e.getMessage());
      return false;
    }
  }
}
