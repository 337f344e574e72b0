package dev.backfill.io.databento;

import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chunk is too large to be answered at once; its parts are to be asked for instead. */
final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient List<Chunk> parts;

  /**
   * Of a chunk.
   *
   * @param failure the last one; null where it was not asked at all, as larger ones had failed
   */
  TooLargeException(List<Chunk> parts, @Nullable IOException failure) {
    super(
        failure == null
            ? "Not asked at once: the service has not answered as much before"
            : failure.getMessage(),
        failure);
    this.parts = List.copyOf(parts);
  }

  List<Chunk> parts() {
    return parts;
  }
}
