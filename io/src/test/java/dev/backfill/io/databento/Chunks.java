package dev.backfill.io.databento;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.List;

/** Chunks of January 2024, by day. */
final class Chunks {
  static final long START = Times.nanos(LocalDate.of(2024, 1, 1));
  static final long END = Times.nanos(LocalDate.of(2024, 2, 1));

  private Chunks() {}

  static Chunk of(String stypeIn, String... symbols) {
    return of(stypeIn, START, END, symbols);
  }

  static Chunk of(String stypeIn, long start, long end, String... symbols) {
    List<String> list = List.of(symbols);
    String id = ChunkId.of("databento", "GLBX.MDP3", "ohlcv-1d", stypeIn, list, start, end);
    return new Chunk(
        id, "databento", "GLBX.MDP3", "ohlcv-1d", stypeIn, list, start, end, 31L, 0.001, 0L);
  }

  static Chunk continuous(String... symbols) {
    return of("continuous", symbols);
  }
}
