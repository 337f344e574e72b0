package dev.backfill.io.duckdb;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a table that {@code ops.data_quality_log} keeps, of its closes or values.
 *
 * @param rows all rows
 * @param series how many series they are of
 * @param nulls rows without a close or value
 * @param maxDate UTC date of the newest row; null in an empty table
 * @param mean of the closes or values; null where there is none, or no such column
 * @param deviation their standard deviation
 * @param min the smallest
 * @param max the largest
 */
public record TableFigures(
    long rows,
    long series,
    long nulls,
    @Nullable LocalDate maxDate,
    @Nullable BigDecimal mean,
    @Nullable BigDecimal deviation,
    @Nullable BigDecimal min,
    @Nullable BigDecimal max) {

  /** Of the relation checked_rows; a figure that the log's column cannot hold is null. */
  static TableFigures read(DuckDBConnection connection, boolean hasPrices) throws SQLException {
    return Sql.query(
            connection,
            "SELECT count(*), (SELECT count(DISTINCT name) FROM checked_series),"
                + (hasPrices ? " count(*) FILTER (close IS NULL)," : " 0,")
                + " CAST(max(ts) AS DATE) AS newest"
                + figure("avg")
                + figure("stddev")
                + figure("min")
                + figure("max")
                + " FROM (SELECT ts, CAST(close AS DOUBLE) AS close FROM checked_rows)",
            row ->
                new TableFigures(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    Sql.dateOrNull(row, "newest"),
                    row.getBigDecimal(5),
                    row.getBigDecimal(6),
                    row.getBigDecimal(7),
                    row.getBigDecimal(8)))
        .get(0);
  }

  private static String figure(String function) {
    return ", TRY_CAST(" + function + "(close) AS DECIMAL(12,4))";
  }
}
