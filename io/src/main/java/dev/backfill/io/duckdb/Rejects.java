package dev.backfill.io.duckdb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rejects of one source, within bounds: the first are kept as they are, the others counted by
 * their reason. A file of another kind may be nothing but rejects, millions of them.
 */
final class Rejects {
  /** Of one chunk, so many are kept one by one. */
  static final int OF_A_CHUNK = 10_000;

  /** Of all chunks of a group, so many: some ten megabytes of text. */
  static final int OF_A_GROUP = 50_000;

  /**
   * Begins the reason of a row that stands for many rejects; its record begins with their count.
   */
  static final String MORE = "more: ";

  /** What is left of the group's bound. */
  static final class Room {
    private int left = OF_A_GROUP;
  }

  private final Room room;
  private final List<RowSource.Reject> kept = new ArrayList<>();
  private final Map<String, Long> more = new LinkedHashMap<>();
  private long count;

  Rejects(Room room) {
    this.room = room;
  }

  void add(List<RowSource.Reject> some) {
    for (RowSource.Reject reject : some) {
      count++;
      if (kept.size() < OF_A_CHUNK && room.left > 0) {
        kept.add(reject);
        room.left--;
      } else {
        more.merge(reject.reason(), 1L, Long::sum);
      }
    }
  }

  /** How many there were, kept or counted. */
  long count() {
    return count;
  }

  /** Those that are kept, and a row for each reason of which there were more. */
  List<RowSource.Reject> rows() {
    List<RowSource.Reject> rows = new ArrayList<>(kept);
    more.forEach(
        (reason, times) ->
            rows.add(
                new RowSource.Reject(
                    MORE + reason,
                    times
                        + " more records were rejected for this reason; of the chunk's rejects the"
                        + " first "
                        + kept.size()
                        + " are kept one by one")));
    return rows;
  }
}
