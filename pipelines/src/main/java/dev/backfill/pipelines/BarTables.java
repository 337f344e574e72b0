package dev.backfill.pipelines;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.OptionParents;
import dev.backfill.schemas.TableSql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The schemas that can be asked for, and the tables that their rows can be loaded into. */
public final class BarTables {
  private static final String OPTIONS = "raw.databento_options_ohlcv_1d";
  private static final String DEFINITIONS = "reference.databento_definitions";
  private static final String STATISTICS = "raw.databento_statistics";

  private BarTables() {}

  /** The schemas, those of bars first. */
  public static List<String> schemas() {
    List<String> schemas = new ArrayList<>();
    Arrays.stream(BarSize.values()).map(BarSize::schema).forEach(schemas::add);
    schemas.addAll(List.of("definition", "statistics"));
    return schemas;
  }

  /** Where rows of a schema go when nobody says otherwise. */
  public static Optional<String> usual(String schema) {
    return switch (schema) {
      case "definition" -> Optional.of(DEFINITIONS);
      case "statistics" -> Optional.of(STATISTICS);
      case Fred.OBSERVATIONS -> Optional.of(Fred.TABLE);
      case Fred.VINTAGES -> Optional.of(Fred.VINTAGES_TABLE);
      default -> BarSize.ofSchema(schema).map(BarSize::futuresTable);
    };
  }

  /** The same for one symbol: daily bars of a parent of options have a table of their own. */
  public static Optional<String> usual(String schema, String symbol) {
    return schema.equals(BarSize.DAY.schema()) && OptionParents.isOptionParent(symbol)
        ? Optional.of(OPTIONS)
        : usual(schema);
  }

  /** What is wrong with a table for rows of a schema; empty when they can be loaded into it. */
  static Optional<String> problem(String table, String schema) {
    if (!isOne(table)) {
      return Optional.of(problem(table));
    }
    Optional<BarSize> size = BarSize.ofSchema(schema);
    boolean isOfBars = !List.of(DEFINITIONS, STATISTICS).contains(table);
    if (size.isPresent() != isOfBars) {
      return Optional.of(
          "holds no rows of " + schema + ": " + table + "; they go to " + usual(schema).orElse(""));
    }
    return size.isPresent() && !table.endsWith("_" + size.get().suffix())
        ? Optional.of("holds another bar size than " + schema + ": " + table)
        : Optional.empty();
  }

  /** Their full names. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    Arrays.stream(BarSize.values()).map(BarSize::futuresTable).forEach(names::add);
    names.addAll(List.of(OPTIONS, DEFINITIONS, STATISTICS));
    return names;
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
