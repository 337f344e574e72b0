package dev.backfill.pipelines.run;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.Plan;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Cuts a plan into waves, pipelines in one process. A runner in batch mode begins no load before
 * the last landing of its pipeline has ended; so two waves are under way at once, and one loads
 * while the other lands.
 */
final class Waves {
  /** Records in a wave, more or less: some transactions, so that a pipeline's start is worth it. */
  static final long RECORDS = 3_000_000;

  /** Chunks in a wave at most, so that a long run of small chunks shows rows soon. */
  static final int CHUNKS = 400;

  /** While one lands, the other loads. */
  static final int AT_ONCE = 2;

  private Waves() {}

  /**
   * One pipeline's work.
   *
   * @param toLoad from the landing
   * @param toAsk of the service
   */
  record Wave(List<LandedChunk> toLoad, List<Chunk> toAsk) {}

  /** What one wave's pipeline does. */
  interface Work {
    void run(Wave wave) throws IOException;
  }

  /**
   * Runs waves in order, at most two at once. After a failure none is begun; the failure is thrown
   * once what is under way has ended.
   */
  static void run(List<Wave> waves, Work work) throws IOException {
    ExecutorService two = Executors.newFixedThreadPool(Math.min(AT_ONCE, waves.size()));
    try {
      List<Future<?>> running = new ArrayList<>();
      AtomicBoolean isFailed = new AtomicBoolean();
      for (Wave wave : waves) {
        running.add(
            two.submit(
                () -> {
                  if (isFailed.get()) {
                    return null;
                  }
                  boolean isDone = false;
                  try {
                    work.run(wave);
                    isDone = true;
                  } finally {
                    if (!isDone) {
                      isFailed.set(true);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> wave : running) {
        await(wave);
      }
    } finally {
      two.shutdown();
    }
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

  /** The waves of a plan in order: what is in the landing comes first. */
  static List<Wave> of(Plan plan) {
    List<Wave> waves = new ArrayList<>();
    List<LandedChunk> load = new ArrayList<>();
    List<Chunk> ask = new ArrayList<>();
    long records = 0;
    for (LandedChunk landed : plan.toLoad()) {
      if (records > RECORDS || load.size() == CHUNKS) {
        waves.add(new Wave(List.copyOf(load), List.of()));
        load.clear();
        records = 0;
      }
      load.add(landed);
      records += Math.max(0, landed.getRecordCount());
    }
    for (Chunk chunk : plan.toAsk()) {
      if (records > RECORDS || load.size() + ask.size() >= CHUNKS) {
        waves.add(new Wave(List.copyOf(load), List.copyOf(ask)));
        load.clear();
        ask.clear();
        records = 0;
      }
      ask.add(chunk);
      records += Math.max(0, chunk.getEstimatedRecords());
    }
    if (!load.isEmpty() || !ask.isEmpty()) {
      waves.add(new Wave(List.copyOf(load), List.copyOf(ask)));
    }
    return waves;
  }
}
