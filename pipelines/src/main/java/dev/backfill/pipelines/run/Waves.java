package dev.backfill.pipelines.run;

import dev.backfill.io.landing.LandingGate;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.Plan;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Works a plan off in waves, pipelines in one process. A runner in batch mode begins no load before
 * the last landing of its pipeline has ended; so a wave stops landing after a time and loads what
 * it has, and the next lands meanwhile. A plan that lands fast is one wave. Used once.
 */
final class Waves {
  /** Records in a wave at most, more or less. */
  static final long RECORDS = 12_000_000;

  /** Chunks in a wave at most: each that it does not come to costs something too. */
  static final int CHUNKS = 400;

  /** While one lands, the other loads. */
  static final int AT_ONCE = 2;

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Deque<LandedChunk> toLoad;
  private final Deque<Chunk> toAsk;
  private final WavePace pace;
  private final Work work;
  private final long began = System.nanoTime();
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final List<Future<?>> waves = new ArrayList<>();
  private final List<LandingGate> gates = new ArrayList<>();

  private Waves(Plan plan, WavePace pace, Work work) {
    this.toLoad = new ArrayDeque<>(plan.toLoad());
    this.toAsk = new ArrayDeque<>(plan.toAsk());
    this.pace = pace;
    this.work = work;
  }

  /**
   * One pipeline's work.
   *
   * @param toLoad from the landing
   * @param toAsk of the service, as far as the gate lets them through
   */
  record Wave(List<LandedChunk> toLoad, List<Chunk> toAsk, LandingGate gate) {
    /** A wave with a gate of its own. */
    static Wave of(List<LandedChunk> toLoad, List<Chunk> toAsk) {
      return new Wave(List.copyOf(toLoad), List.copyOf(toAsk), new LandingGate(toAsk));
    }
  }

  /** What one wave's pipeline does. */
  interface Work {
    void run(Wave wave) throws IOException;
  }

  /**
   * Runs waves until the plan is done, at most two at once. After a failure none is begun; the
   * failure is thrown once what is under way has ended; so is an interrupt.
   */
  static void run(Plan plan, WavePace pace, Work work) throws IOException {
    new Waves(plan, pace, work).run();
  }

  private void run() throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    boolean isInterrupted = false;
    try {
      while (!(toLoad.isEmpty() && toAsk.isEmpty()) && !isFailed()) {
        free.acquire();
        Wave wave = next();
        gates.add(wave.gate());
        Future<?> running = threads.submit(task(wave));
        waves.add(running);
        awaitLanding(wave, running);
      }
    } catch (InterruptedException e) {
      isInterrupted = true;
    } finally {
      threads.shutdown();
    }
    for (Future<?> wave : waves) {
      isInterrupted = awaitEnd(wave, isInterrupted);
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The run was interrupted");
    }
    for (Future<?> wave : waves) {
      await(wave);
    }
  }

  /**
   * Waits for a wave whatever comes: what it has under way is billed and may still be loaded, and
   * who called has the database. After an interrupt nothing more is begun.
   *
   * @return whether there was an interrupt
   */
  private boolean awaitEnd(Future<?> wave, boolean wasInterrupted) {
    boolean isInterrupted = wasInterrupted;
    while (true) {
      if (isInterrupted) {
        gates.forEach(LandingGate::shut);
      }
      try {
        wave.get();
        return isInterrupted;
      } catch (InterruptedException e) {
        isInterrupted = true;
      } catch (ExecutionException e) {
        // It is thrown to the caller once all have ended.
        return isInterrupted;
      }
    }
  }

  private Callable<Void> task(Wave wave) {
    return () -> {
      try {
        work.run(wave);
        return null;
      } finally {
        wave.gate().close();
        free.release();
      }
    };
  }

  /** Returns when the next wave may begin to land, having taken back what this has not begun. */
  private void awaitLanding(Wave wave, Future<?> running) throws InterruptedException {
    LandingGate gate = wave.gate();
    Duration time = pace.next(Duration.ofNanos(System.nanoTime() - began));
    long since = 0;
    while (!gate.awaitBegun(LOOK) && !running.isDone()) {
      // A pipeline takes its time to start, the first one most.
      since = gate.begun() == 0 || since == 0 ? System.nanoTime() : since;
      // What cannot be handed to another wave now is better begun by this one.
      if (isOver(wave, time, System.nanoTime() - since) && free.availablePermits() > 0) {
        List<Chunk> left = gate.shut();
        for (int i = left.size() - 1; i >= 0; i--) {
          toAsk.addFirst(left.get(i));
        }
        return;
      }
    }
  }

  /** A wave that has begun with most of it is given as long again for the rest. */
  private static boolean isOver(Wave wave, Duration time, long nanos) {
    boolean isNearlyDone = 2 * wave.gate().begun() >= wave.toAsk().size();
    return nanos >= (isNearlyDone ? 2 : 1) * time.toNanos();
  }

  private boolean isFailed() throws InterruptedException {
    for (Future<?> wave : waves) {
      if (wave.isDone()) {
        try {
          wave.get();
        } catch (ExecutionException e) {
          return true;
        }
      }
    }
    return false;
  }

  /** The next wave: what is in the landing comes first. */
  private Wave next() {
    List<LandedChunk> load = new ArrayList<>();
    List<Chunk> ask = new ArrayList<>();
    long records = 0;
    while (!toLoad.isEmpty() && load.size() < CHUNKS && records <= RECORDS) {
      LandedChunk landed = toLoad.remove();
      load.add(landed);
      records += Math.max(0, landed.getRecordCount());
    }
    while (!toAsk.isEmpty()
        && toLoad.isEmpty()
        && load.size() + ask.size() < CHUNKS
        && records <= RECORDS) {
      Chunk chunk = toAsk.remove();
      ask.add(chunk);
      records += Math.max(0, chunk.getEstimatedRecords());
    }
    return Wave.of(load, ask);
  }

  private static void await(Future<?> wave) throws IOException {
    try {
      wave.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The run was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
