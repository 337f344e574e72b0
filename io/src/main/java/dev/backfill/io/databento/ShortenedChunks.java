package dev.backfill.io.databento;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chunks that came back shorter than they were asked for, because the service had no more: what has
 * landed has another id, and a run that counts what it planned would wait for them. Of this process
 * only. Thread-safe.
 */
public final class ShortenedChunks {
  private static final Map<String, Set<String>> BY_RUN = new ConcurrentHashMap<>();

  private ShortenedChunks() {}

  static void add(String runId, String askedChunkId) {
    BY_RUN.computeIfAbsent(runId, run -> ConcurrentHashMap.newKeySet()).add(askedChunkId);
  }

  /** The ids under which a run asked for them. */
  public static Set<String> of(String runId) {
    return Set.copyOf(BY_RUN.getOrDefault(runId, Set.of()));
  }
}
