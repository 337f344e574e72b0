package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest change that the service had told of for some days when an answer was asked for, from
 * ops.dataset_condition. Remembers what it looked up.
 */
final class SourceModified {
  private record Asked(String dataset, Interval interval, LocalDate on) {}

  private final Connection connection;
  private final Map<Asked, @Nullable LocalDate> known = new HashMap<>();

  SourceModified(Connection connection) {
    this.connection = connection;
  }

  /** Null where the service said nothing of these days. */
  @Nullable LocalDate of(String dataset, Interval interval, long askedAtNs) throws SQLException {
    Asked asked = new Asked(dataset, interval, Times.date(askedAtNs));
    if (!known.containsKey(asked)) {
      known.put(asked, look(asked));
    }
    return known.get(asked);
  }

  private @Nullable LocalDate look(Asked asked) throws SQLException {
    return Sql.query(
            connection,
            "SELECT max(last_modified_date) AS newest FROM ops.dataset_condition WHERE dataset = ?"
                + " AND date >= ? AND date <= ? AND last_modified_date <= ?",
            row -> java.util.Optional.ofNullable(Sql.dateOrNull(row, "newest")),
            asked.dataset(),
            Times.date(asked.interval().startNs()),
            Times.date(asked.interval().endNs() - 1),
            asked.on())
        .get(0)
        .orElse(null);
  }
}
