package dev.backfill.pipelines.run;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.databento.ChunkLander;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HttpHistoricalClient;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Some threads that land chunks of an emulated service, in a time that passes by sleeping. */
final class LandingDesk implements AutoCloseable {
  final EmulatorServer emulator;
  final Time time = new Time();
  private final Path folder;
  private final String origin;

  /**
   * A desk.
   *
   * @param origin names the service: all desks of a process that name the same share a breaker
   */
  LandingDesk(Path folder, String origin, EmulatorConfig.Builder config) throws IOException {
    this.folder = folder;
    this.origin = origin;
    this.emulator =
        EmulatorServer.start(
            config.clock(EmulatorClock.fixed(Desk.NOW)).rateLimitFactor(0).build());
    Files.writeString(folder.resolve("key.txt"), EmulatorConfig.DEFAULT_KEY);
  }

  /** Passes only when somebody sleeps; what is due then happens. */
  static final class Time extends Clock implements Sleeper {
    private Instant now = Desk.NOW;
    private Instant due = Instant.MAX;
    private Runnable event = () -> {};

    /** Lets something happen once so much time has passed. */
    synchronized void after(Duration time, Runnable action) {
      due = now.plus(time);
      event = action;
    }

    @Override
    public synchronized void sleep(Duration wait) {
      pass(wait);
    }

    synchronized void pass(Duration wait) {
      now = now.plus(wait);
      if (!now.isBefore(due)) {
        due = Instant.MAX;
        event.run();
      }
    }

    @Override
    public synchronized Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  static Chunk chunk(BarSize size, List<String> symbols, String from, String to) {
    long start = Times.nanos(LocalDate.parse(from));
    long end = Times.nanos(LocalDate.parse(to));
    String id =
        ChunkId.of("databento", "GLBX.MDP3", size.schema(), "continuous", symbols, start, end);
    return new Chunk(
        id,
        "databento",
        "GLBX.MDP3",
        size.schema(),
        "continuous",
        symbols,
        start,
        end,
        -1L,
        0d,
        0L);
  }

  LandingArea landing(String name) {
    return LandingArea.at(folder.resolve(name).toString());
  }

  /** Lands chunks into a landing by so many threads, and says how all of them ended. */
  List<LandedChunk> land(String landing, int threads, List<Chunk> chunks) throws Exception {
    ApiOptions api =
        ApiOptions.of(emulator.url(), ApiKeySource.file(folder.resolve("key.txt").toString()));
    RetryPolicy policy = RetryPolicy.forData();
    ConcurrentLinkedQueue<LandedChunk> outcomes = new ConcurrentLinkedQueue<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (HistoricalClient client = HttpHistoricalClient.connect(api, time, time);
        RequestJournal journal = landing(landing).journal()) {
      ChunkLander lander =
          new ChunkLander(client, landing(landing), journal, origin, policy, time, time);
      List<Future<?>> running = new ArrayList<>();
      for (Chunk chunk : chunks) {
        running.add(
            pool.submit(
                () -> {
                  lander.landInParts(
                      chunk, "run-" + landing, false, (asked, ended) -> outcomes.add(ended), null);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      pool.shutdownNow();
    }
    return List.copyOf(outcomes);
  }

  /** Data requests so far, whatever became of them; they are forgotten. */
  long takeRequests() {
    long requests =
        emulator.ledger().entries().stream().filter(e -> e.method().contains("get_range")).count();
    emulator.ledger().clear();
    return requests;
  }

  @Override
  public void close() {
    emulator.close();
  }
}
