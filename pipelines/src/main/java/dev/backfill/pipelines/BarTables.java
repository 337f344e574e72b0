package dev.backfill.pipelines;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.TableSql;
import java.util.Arrays;
import java.util.List;

/** The tables that bars can be loaded into. */
final class BarTables {
  private BarTables() {}

  /** Their full names. */
  static List<String> names() {
    return Arrays.stream(BarSize.values()).map(BarSize::futuresTable).toList();
  }

  /** Whether rows can be loaded into the table. */
  static boolean isOne(String table) {
    return TableSql.find(table).filter(TableSql::isBatched).isPresent();
  }

  /** What is wrong with a name that is none of them. */
  static String problem(String table) {
    return "is one of "
        + String.join(", ", names())
        + ", not "
        + table
        + Nearest.hint(table, names());
  }

  /**
   * The option's table.
   *
   * @throws UsageException if rows cannot be loaded into it
   */
  static String check(String table) {
    if (!isOne(table)) {
      throw new UsageException("--table " + problem(table));
    }
    return table;
  }
}
