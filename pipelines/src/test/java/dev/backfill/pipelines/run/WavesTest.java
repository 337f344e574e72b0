package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long run loads as it goes. */
class WavesTest {
  private static final WavePace QUICK =
      new WavePace(Duration.ofMillis(500), 0.25, Duration.ofSeconds(10));

  @TempDir Path folder;
  private long loaded;

  private static Plan plan(int chunks) {
    return new Plan(
        null,
        Map.of(),
        Map.of(),
        List.of(),
        IntStream.range(0, chunks).mapToObj(WavesTest::chunk).toList(),
        false);
  }

  private static Chunk chunk(int number) {
    return Chunk.newBuilder()
        .setChunkId("c" + number)
        .setSource("databento")
        .setDataset("d")
        .setSchemaName("s")
        .setStypeIn("continuous")
        .setSymbols(List.of("ZL.v.0"))
        .setStartNs(0)
        .setEndNs(1)
        .setEstimatedRecords(1)
        .setUsdPerRecord(0)
        .build();
  }

  @Test
  void aPlanThatLandsFastIsOneWave() throws IOException {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    Waves.run(plan(40), WavePace.USUAL, wave -> sizes.add(wave.toAsk().size()));
    assertThat(sizes, equalTo(List.of(40)));
  }

  @Test
  void noMoreThanSomeHundredChunksAreInAWave() throws IOException {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    Waves.run(plan(1000), WavePace.USUAL, wave -> sizes.add(wave.toAsk().size()));
    assertThat(sizes, containsInAnyOrder(400, 400, 200));
  }

  @Test
  void noWaveIsBegunAfterAFailureAndItIsThrown() {
    AtomicInteger begun = new AtomicInteger();
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                Waves.run(
                    plan(10_000),
                    WavePace.USUAL,
                    wave -> {
                      begun.incrementAndGet();
                      throw new IOException("refused");
                    }));
    assertThat(thrown.getMessage(), is("refused"));
    assertThat(begun.get(), is(lessThanOrEqualTo(Waves.AT_ONCE)));
  }

  @Test
  void anInterruptIsThrownOnceTheWavesHaveEnded() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Thread runner =
        new Thread(
            () -> {
              try {
                Waves.run(
                    plan(1),
                    WavePace.USUAL,
                    wave -> {
                      begun.countDown();
                      uninterruptibly(release);
                      ended.set(true);
                    });
              } catch (IOException e) {
                seen.add(e.getMessage() + ", ended: " + ended.get());
                seen.add("flag: " + Thread.currentThread().isInterrupted());
              }
            });
    runner.start();
    begun.await();
    runner.interrupt();
    // It waits for the wave, or it is gone, which is what must not be.
    while (runner.getState() != Thread.State.WAITING && runner.isAlive()) {
      Thread.onSpinWait();
    }
    release.countDown();
    runner.join();
    assertThat(seen, equalTo(List.of("The run was interrupted, ended: true", "flag: true")));
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a wave is not interrupted", e);
    }
  }

  @Test
  void laterWavesAreAShareOfTheTimeTaken() {
    WavePace pace = WavePace.USUAL;
    assertThat(pace.next(Duration.ZERO), is(Duration.ofSeconds(2)));
    assertThat(pace.next(Duration.ofMinutes(2)), is(Duration.ofSeconds(30)));
    assertThat(pace.next(Duration.ofHours(9)), is(Duration.ofMinutes(2)));
  }

  @Test
  void aSlowRunLoadsWhileItLands() throws Exception {
    Seen seen = watch("2024-03-01", Duration.ofMillis(300), QUICK);
    assertThat(seen.exitCode(), is(0));
    assertThat(seen.chunks(), is(45));
    assertThat(seen.landedAtFirstRows(), is(lessThan(45)));
  }

  @Tag("slow")
  @Test
  void rowsAppearWithinTheFirstTenthOfARunOfTwoHundredChunks() throws Exception {
    Seen seen = watch("2024-09-24", Duration.ofMillis(800), WavePace.USUAL);
    assertThat(seen.exitCode(), is(0));
    assertThat(seen.chunks(), is(201));
    assertThat(seen.landedAtFirstRows(), is(lessThanOrEqualTo(20)));
    assertThat("most is loaded halfway", seen.leastLoadedShareLater(), is(greaterThan(0.5)));
  }

  /**
   * What was seen of a run.
   *
   * @param leastLoadedShareLater of what had landed, how much was loaded, at the worst moment of
   *     the middle of the run
   */
  private record Seen(
      int exitCode,
      int chunks,
      Duration whole,
      int landedAtFirstRows,
      double leastLoadedShareLater) {}

  private Seen watch(String to, Duration latency, WavePace pace) throws Exception {
    Job job = Desk.job(BarSize.HOUR, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", to, 1, 4);
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder().latency(latency))) {
      RunContext run =
          RunContext.begin(desk.options(job), silent(), Clock.systemUTC(), RetryPolicy.forData())
              .withPace(pace);
      long began = System.nanoTime();
      CompletableFuture<Integer> running =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new RunAction(run, PlanScope.MISSING).run();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      List<long[]> looks = new ArrayList<>();
      while (!running.isDone()) {
        looks.add(new long[] {System.nanoTime() - began, landed(), loaded(desk, run.runId())});
        LockSupport.parkNanos(20_000_000);
      }
      Duration whole = Duration.ofNanos(System.nanoTime() - began);
      long[] first =
          looks.stream()
              .filter(l -> l[2] > 0)
              .findFirst()
              .orElse(new long[] {Long.MAX_VALUE, 9999, 0});
      double least =
          looks.stream()
              .filter(l -> l[0] > whole.toNanos() * 0.4 && l[0] < whole.toNanos() * 0.8)
              .mapToDouble(l -> l[2] / (double) Math.max(1, l[1]))
              .min()
              .orElse(0);
      return new Seen(running.get(), (int) landed(), whole, (int) first[1], least);
    }
  }

  private static Console silent() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    return new Console(nowhere, nowhere, Console.Mode.NORMAL, false, false);
  }

  private long landed() {
    try {
      return LandingArea.at(folder.resolve("landing").toString())
          .landedChunks("databento", "GLBX.MDP3", BarSize.HOUR.schema())
          .size();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Chunks whose rows are committed. */
  private long loaded(Desk desk, String runId) {
    loaded =
        Database.peek(
                desk.database().toString(),
                open ->
                    new Ledger(open)
                        .chunks("loaded").stream().filter(c -> runId.equals(c.runId())).count())
            .orElse(loaded);
    return loaded;
  }
}
