package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Received;
import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.http.Retrier;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.LandingArea.Holding;
import dev.backfill.io.landing.LandingArea.Orphan;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one chunk into the landing: bought once, verified, named when whole, its sidecar written
 * last. Killed at any point and called again, it buys nothing that is there in full.
 *
 * <p>What another process has landed in the last five seconds may not be seen, see {@link
 * LandingArea#look}. Safe for several threads, if they land different chunks; the client, the
 * journal and the listener are theirs together.
 */
public final class ChunkLander {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkLander.class);

  private final Tools tools;
  private final Retrier retrier;
  private final Sleeper sleeper;
  private final Asking asking;
  private final OrphanAdopter adopter;
  private final LandingRecord record;

  /** Is told how chunks ended. */
  @FunctionalInterface
  public interface OutcomeListener {
    /**
     * Called in the thread that lands.
     *
     * @param asked what was to be landed; the outcome may be of its first part in time alone
     */
    void ended(Chunk asked, LandedChunk outcome) throws IOException;
  }

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
        new Tools(
            client,
            landing,
            journal,
            apiOrigin,
            clock,
            entry -> {},
            new RunGuard(SpendLimit.NONE),
            new Miscounts(landing)),
        new Retrier(data, sleeper, clock),
        sleeper);
  }

  private ChunkLander(Tools tools, Retrier retrier, Sleeper sleeper) {
    this.tools = tools;
    this.retrier = retrier;
    this.sleeper = sleeper;
    this.asking = new Asking(tools, retrier, sleeper);
    ContractsAsker contracts = new ContractsAsker(tools.client(), tools.landing());
    this.adopter = new OrphanAdopter(tools.client(), tools.landing(), contracts);
    this.record = new LandingRecord(tools.landing(), contracts, new NoAnswer(tools.client()));
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
            listener,
            tools.guard(),
            tools.miscounts()),
        retrier,
        sleeper);
  }

  /** The same lander, whose attempts are made only when the guard lets them. */
  ChunkLander withGuard(RunGuard guard) {
    return new ChunkLander(
        new Tools(
            tools.client(),
            tools.landing(),
            tools.journal(),
            tools.apiOrigin(),
            tools.clock(),
            tools.listener(),
            guard,
            tools.miscounts()),
        retrier,
        sleeper);
  }

  /**
   * Lands a chunk. Where its answer is in the landing already, nothing is asked.
   *
   * <p>Where it is too large to be answered at once, because it timed out while the service
   * answered a tiny request, or because as much was not answered before, it ends as split, and its
   * parts are to be landed instead. Where the service does not answer at all, this waits until it
   * does, for up to an hour.
   *
   * <p>Where only its newest part needs a licence that the key does not have, and the service names
   * the end that would do, the chunk ends as its part up to there, to a whole edge: that part, with
   * an id of its own, is what is returned and recorded, landed or not, and has a warning. The rest
   * has no outcome; it stays uncovered, and a later plan asks for it.
   *
   * @return how it ended; the sidecar says the same
   * @throws DatabentoApiException if no request of this key can succeed (401, 402, a locked
   *     account)
   * @throws IOException if the landing cannot be written, or the thread is interrupted
   */
  public LandedChunk land(Chunk chunk, String runId) throws IOException {
    return run(new LandingTask(chunk, runId, false, ""));
  }

  /**
   * Lands a new generation of a chunk beside what is there, once for a run: called again in the
   * same run, it gives the same.
   *
   * @return how it ended, as {@link #land} says it
   * @throws IOException as {@link #land} does
   */
  public LandedChunk landAgain(Chunk chunk, String runId) throws IOException {
    return run(new LandingTask(chunk, runId, true, ""));
  }

  /**
   * Lands a chunk and, where it is split, its parts.
   *
   * @param again as {@link #landAgain} does, else as {@link #land}
   * @param outcomes is told how each ended: first the chunk, each part after what it is a part of
   * @param later is given the parts that may be asked for beside each other; null: none are, and
   *     all parts have ended when this returns
   * @throws IOException as {@link #land} does
   */
  public void landInParts(
      Chunk chunk,
      String runId,
      boolean again,
      OutcomeListener outcomes,
      @Nullable Consumer<Chunk> later)
      throws IOException {
    Deque<Chunk> waiting = new ArrayDeque<>(List.of(chunk));
    for (Chunk next = waiting.poll(); next != null; next = waiting.poll()) {
      LandedChunk outcome = run(new LandingTask(next, runId, again, ""));
      outcomes.ended(next, outcome);
      List<Chunk> parts = outcome.getParts();
      for (int i = parts.size() - 1; i >= 0; i--) {
        Chunk part = parts.get(i);
        if (later != null && asking.sizes(part).isReady(part)) {
          later.accept(part);
        } else {
          waiting.push(part);
        }
      }
    }
  }

  /**
   * Adopts the whole answers of a schema that have no sidecar because a run died, so that a plan
   * finds them whatever it asks for; and removes what runs that died have left half done, a day
   * after their last byte: a younger one may be another process's.
   *
   * <p>Call it only after {@link LandingArea#claimOrigin}: the service of this lander counts the
   * records of what is adopted, and must be the one that sent them.
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

  private LandedChunk run(LandingTask task) throws IOException {
    Holding holding = tools.landing().look(task.chunk());
    Optional<LandedChunk> there = holding.newest().filter(task::isDoneBy);
    return there.isPresent() ? there.get() : landNow(task, holding);
  }

  private LandedChunk landNow(LandingTask task, Holding holding) throws IOException {
    Chunk chunk = task.chunk();
    long earliestNs = holding.nextAskedAtNs(tools.clock().instant());
    ChunkDownload download = new ChunkDownload(tools, chunk, task.runId(), earliestNs);
    try {
      Optional<LandedChunk> adopted = adopted(task, ours(holding.orphans()));
      if (adopted.isPresent()) {
        return adopted.get();
      }
      Received received = asking.ask(chunk, task.runId(), download);
      return record.landed(task, download, received);
    } catch (TooLargeException e) {
      return record.split(task, download, e);
    } catch (DatabentoApiException e) {
      if (e.stopsRun()) {
        tools.guard().stop(e);
        throw e;
      }
      // Once: a service that names another end each time would be asked for ever.
      Optional<Chunk> part =
          task.isNarrowed() ? Optional.empty() : LicensedPart.of(task.chunk(), e);
      if (part.isPresent()) {
        return narrowed(task, part.get(), e);
      }
      if (e.status() == 403 && e.lacksRights() && e.availableEnd() == null) {
        tools.guard().refuse(chunk.getDataset(), e);
      }
      return record.withoutAnswer(task, download, e);
    } catch (IOException e) {
      // The own disk and an interrupt are no outcome of the chunk: it has not been answered badly.
      if (e instanceof ServiceConnectionException || RetryPolicy.isRetryable(e)) {
        return record.withoutAnswer(task, download, e);
      }
      throw e;
    }
  }

  private LandedChunk narrowed(LandingTask task, Chunk part, DatabentoApiException refusal)
      throws IOException {
    LandingTask narrowed = task.narrowedTo(part, refusal);
    LOG.info("{}: {}", Outcomes.about(task.chunk()), narrowed.warning());
    return run(narrowed);
  }

  private Optional<LandedChunk> adopted(LandingTask task, List<Orphan> orphans) throws IOException {
    Optional<LandedChunk> newest = Optional.empty();
    for (Orphan orphan : orphans) {
      Optional<LandedChunk> adopted = adopter.adopt(task.chunk(), orphan, task.runId());
      newest = adopted.isPresent() ? adopted : newest;
    }
    return newest.filter(landed -> !task.again() || landed.getRunId().equals(task.runId()));
  }
}
