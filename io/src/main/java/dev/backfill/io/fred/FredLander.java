package dev.backfill.io.fred;

import com.github.luben.zstd.ZstdOutputStream;
import dev.backfill.io.http.Retrier;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.PendingAnswer;
import dev.backfill.io.landing.PendingAnswer.PublishedAnswer;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one series into the landing: what the service says of it, then all pages of its
 * observations, exactly as they were sent, one document after the other in one zstd file. What was
 * said of the series comes first, so that its {@code last_updated} is never later than the
 * observations. Safe for several threads, if they land different series.
 */
final class FredLander {
  /** What the file holds. */
  static final String FORMAT = "json.zst";

  private static final String METHOD = "fred/series/observations";
  private static final int ZSTD_LEVEL = 3;

  private final FredLanding options;
  private final FredClient client;
  private final RequestJournal journal;
  private final Retrier retrier;
  private final Clock clock;

  FredLander(
      FredLanding options,
      FredClient client,
      RequestJournal journal,
      Sleeper sleeper,
      Clock clock) {
    this.options = options;
    this.client = client;
    this.journal = journal;
    this.retrier = new Retrier(options.retries(), sleeper, clock);
    this.clock = clock;
  }

  /**
   * Lands a series, unless it is there.
   *
   * @return how it ended; the sidecar says the same
   * @throws FredApiException if no request of this key can succeed
   * @throws IOException if the landing cannot be written, or the thread is interrupted
   */
  LandedChunk land(Chunk chunk) throws IOException {
    LandingArea.Holding holding = options.landing().look(chunk);
    Optional<LandedChunk> there = holding.newest().filter(this::isDone);
    if (there.isPresent()) {
      return there.get();
    }
    long askedAtNs = holding.nextAskedAtNs(clock.instant());
    Landing landing = new Landing(chunk, askedAtNs);
    try {
      return options.landing().record(landing.fetch());
    } catch (FredApiException e) {
      if (e.refusesKey()) {
        throw e;
      }
      // What has landed of a withdrawn series stays: nobody can fetch it again.
      boolean isUnknown = e.isUnknownSeries() && !isLanded(holding);
      return options.landing().record(landing.without(e, e.status(), isUnknown));
    } catch (IOException e) {
      // The own disk and an interrupt are no outcome of the series.
      if (e instanceof ServiceConnectionException || RetryPolicy.isRetryable(e)) {
        return options.landing().record(landing.without(e, 0, false));
      }
      throw e;
    }
  }

  private static boolean isLanded(LandingArea.Holding holding) {
    return holding.newest().filter(one -> one.getState() == LandedState.LANDED).isPresent();
  }

  private boolean isDone(LandedChunk landed) {
    return landed.getState() == LandedState.LANDED
        && (!options.newGeneration() || landed.getRunId().equals(options.runId()));
  }

  /** The requests of one series. */
  private final class Landing {
    private final Chunk chunk;
    private final String id;
    private final long askedAtNs;
    private int requests;

    Landing(Chunk chunk, long askedAtNs) {
      this.chunk = chunk;
      this.id = chunk.getSymbols().get(0);
      this.askedAtNs = askedAtNs;
    }

    LandedChunk fetch() throws IOException {
      FredClient.SeriesAnswer series =
          retrier.run("fred/series of " + id, attempt -> client.series(id));
      List<@Nullable RealTime> periods = new ArrayList<>();
      if (chunk.getSchemaName().equals(Fred.VINTAGES)) {
        periods.addAll(
            RealTime.all(
                retrier.run(
                    "fred/series/vintagedates of " + id, attempt -> client.vintageDates(id))));
      } else {
        periods.add(null);
      }
      long observations = 0;
      try (PendingAnswer pending =
          options.landing().begin(chunk, askedAtNs, FORMAT, options.runId() + "-1")) {
        ZstdOutputStream zstd = new ZstdOutputStream(new Unclosed(pending), ZSTD_LEVEL);
        try (zstd) {
          zstd.setChecksum(true);
          zstd.write(series.body());
          for (RealTime period : periods) {
            observations += pages(period, zstd);
          }
        }
        PublishedAnswer file = pending.publish();
        return outcome(LandedState.LANDED)
            .setFile(file.file())
            .setBytes(file.bytes())
            .setSha256(file.sha256())
            .setRecordCount(observations)
            .setExpectedRecords(observations)
            .setVerified(true)
            .setHttpStatus(200)
            .setSourceModifiedNs(Times.nanos(series.series().lastUpdated()))
            .build();
      }
    }

    /** All pages of a real-time period; returns how many observations they have. */
    private long pages(@Nullable RealTime period, OutputStream out) throws IOException {
      long offset = 0;
      long count = -1;
      do {
        long at = offset;
        Page page =
            retrier.run(FredClient.observationsOf(id), attempt -> page(period, at, attempt));
        if (offset > 0 && page.count != count) {
          throw client.unusable(
              FredClient.observationsOf(id),
              new IOException(
                  "its pages tell different counts, "
                      + count
                      + " and "
                      + page.count
                      + ": it was changed meanwhile"));
        }
        count = page.count;
        out.write('\n');
        out.write(page.body);
        offset += page.read;
      } while (offset < count);
      return offset;
    }

    private Page page(@Nullable RealTime period, long offset, int attempt) throws IOException {
      RequestEntry sent =
          journal.sent(
              options.runId(),
              chunk.getChunkId(),
              options.apiOrigin(),
              METHOD,
              attempt,
              Times.nanos(clock.instant()),
              0L,
              0d);
      requests++;
      long began = System.nanoTime();
      String outcome = RequestEntry.FAILED;
      int status = 0;
      long received = 0;
      try {
        byte[] body = client.observations(id, period, offset, options.pageSize());
        received = body.length;
        status = 200;
        outcome = RequestEntry.CUT;
        Page page = read(body, offset);
        outcome = RequestEntry.OK;
        return page;
      } catch (FredApiException e) {
        status = e.status();
        throw e;
      } finally {
        double seconds = (System.nanoTime() - began) / 1e9;
        journal.ended(sent.ended(outcome, seconds, status, "", received, 0, 0));
      }
    }

    /** Reads a page to its end: a cut one, and one that has fewer than it should, fail here. */
    private Page read(byte[] body, long offset) throws IOException {
      try (FredPages page = FredPages.page(new ByteArrayInputStream(body), offset)) {
        while (page.next()) {
          // Every observation is looked at.
        }
        return new Page(body, page.read(), page.periodCount());
      } catch (IOException e) {
        throw client.unusable(FredClient.observationsOf(id), e);
      }
    }

    LandedChunk without(IOException why, int status, boolean isUnknown) {
      String error = isUnknown ? "" : String.valueOf(why.getMessage());
      return outcome(isUnknown ? LandedState.UNRESOLVED : LandedState.FAILED)
          .setHttpStatus(status)
          .setError(error)
          .build();
    }

    private LandedChunk.Builder outcome(LandedState state) {
      return LandedChunk.newBuilder()
          .setChunk(chunk)
          .setState(state)
          .setFile("")
          .setContractsFile("")
          .setFormat(FORMAT)
          .setBytes(0)
          .setSha256("")
          .setRecordCount(0)
          .setExpectedRecords(-1)
          .setVerified(false)
          .setRequestId("")
          .setWarnings(List.of())
          .setAskedAtNs(askedAtNs)
          .setAttempts(Math.max(1, requests))
          .setCostEstimateUsd(0)
          .setHttpStatus(0)
          .setError("")
          .setRunId(options.runId())
          .setPieces(List.of());
    }
  }

  /** A page as it was sent, with the observations on it and in all. */
  private static final class Page {
    private final byte[] body;
    private final long read;
    private final long count;

    Page(byte[] body, long read, long count) {
      this.body = body;
      this.read = read;
      this.count = count;
    }
  }

  /** Ends a frame without the file below it, which gets its name when all is whole. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
