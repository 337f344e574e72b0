package dev.backfill.pipelines.run;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a plan into waves, pipeline after pipeline in one process. A runner in batch mode begins no
 * load before the last landing of its pipeline has ended; waves make rows appear while a long run
 * still fetches.
 */
final class Waves {
  /** Records in a wave, more or less: a few transactions. */
  static final long RECORDS = 6_000_000;

  /** Chunks in a wave at most, so that a long run of small chunks shows rows soon. */
  static final int CHUNKS = 400;

  private Waves() {}

  /**
   * One pipeline's work.
   *
   * @param toLoad from the landing
   * @param toAsk of the service
   */
  record Wave(List<LandedChunk> toLoad, List<Chunk> toAsk) {}

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
