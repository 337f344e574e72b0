package dev.backfill.io.databento;

import dev.backfill.schemas.Chunk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which symbols of one dataset and schema the service has answered in this process, and so what
 * else may be asked when one is not answered: a symbol that never is, is no service that is down.
 * One instance for all that ask. Safe for use by several threads.
 */
final class KnownSymbols {
  private static final Map<List<String>, KnownSymbols> ALL = new ConcurrentHashMap<>();

  /** More than the symbols that may be in trouble at once are not needed. */
  private static final int KEPT = 16;

  private final Set<String> answered = new HashSet<>();
  private final Deque<Chunk> lastAnswered = new ArrayDeque<>();
  private final Deque<Chunk> lastAsked = new ArrayDeque<>();

  KnownSymbols() {}

  /** Those of chunks like this one. */
  static KnownSymbols of(String apiOrigin, Chunk chunk) {
    return ALL.computeIfAbsent(
        List.of(apiOrigin, chunk.getDataset(), chunk.getSchemaName(), chunk.getStypeIn()),
        key -> new KnownSymbols());
  }

  /** A chunk is about to be asked for. */
  synchronized void asked(Chunk chunk) {
    keep(lastAsked, ChunkSplitter.smallest(chunk));
  }

  /** A chunk was answered. */
  synchronized void answered(Chunk chunk) {
    if (answered.addAll(chunk.getSymbols())) {
      keep(lastAnswered, ChunkSplitter.smallest(chunk));
    }
  }

  /** Whether at least one of a chunk's symbols was answered before, over whatever time. */
  synchronized boolean isKnown(Chunk chunk) {
    return chunk.getSymbols().stream().anyMatch(answered::contains);
  }

  /**
   * As little as can be asked of another symbol than a chunk's first: one that was answered, if
   * there is any.
   *
   * @return empty where no other is known
   */
  synchronized Optional<Chunk> otherThan(Chunk chunk) {
    String first = chunk.getSymbols().get(0);
    Chunk other = other(lastAnswered, first);
    if (other == null && chunk.getSymbols().size() > 1) {
      other = ChunkSplitter.smallest(ChunkSplitter.apart(chunk).get(1));
    }
    return Optional.ofNullable(other == null ? other(lastAsked, first) : other);
  }

  private static @Nullable Chunk other(Deque<Chunk> kept, String symbol) {
    return kept.stream().filter(one -> !first(one).equals(symbol)).findFirst().orElse(null);
  }

  private static void keep(Deque<Chunk> kept, Chunk tiny) {
    kept.removeIf(one -> first(one).equals(first(tiny)));
    kept.addFirst(tiny);
    if (kept.size() > KEPT) {
      kept.removeLast();
    }
  }

  private static String first(Chunk chunk) {
    return chunk.getSymbols().get(0);
  }
}
