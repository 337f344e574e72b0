package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The days that the service calls pending or degraded in ops.dataset_condition: what it gave for
 * them may change yet. A day that is still degraded after a month stays so.
 */
final class UnsettledDays {
  private static final Duration STAYS_SO = Duration.ofDays(30);

  private final Map<String, TreeSet<LocalDate>> days = new HashMap<>();

  private UnsettledDays() {}

  static UnsettledDays read(Connection connection) throws SQLException {
    UnsettledDays unsettled = new UnsettledDays();
    Sql.query(
        connection,
        "SELECT dataset, date FROM ops.dataset_condition"
            + " WHERE condition IN ('pending', 'degraded')",
        row ->
            unsettled
                .days
                .computeIfAbsent(row.getString(1), dataset -> new TreeSet<>())
                .add(row.getObject(2, LocalDate.class)));
    return unsettled;
  }

  /**
   * The first instant of an interval that lies on such a day.
   *
   * @param dataEndNs how far the data went, UTC ns; days that ended a month before it are settled
   * @return UTC ns within the interval, or nothing
   */
  Optional<Long> first(String dataset, Interval interval, long dataEndNs) {
    long fromNs = Math.max(interval.startNs(), dataEndNs - STAYS_SO.toNanos());
    if (fromNs >= interval.endNs()) {
      return Optional.empty();
    }
    LocalDate day = days.getOrDefault(dataset, new TreeSet<>()).ceiling(Times.date(fromNs));
    if (day == null) {
      return Optional.empty();
    }
    long first = Math.max(Times.nanos(day), interval.startNs());
    return first < interval.endNs() ? Optional.of(first) : Optional.empty();
  }
}
