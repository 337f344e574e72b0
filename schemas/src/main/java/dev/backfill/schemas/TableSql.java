package dev.backfill.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One table's SQL file, {@code /sql/<schema.table>.sql}: all that the writer knows of a table. A
 * file is comment lines, {@code -- @name value} directives, and the statements after {@code --
 * @create} and {@code -- @insert}. The insert reads the relations {@code batch_rows} (the packed
 * columns of the batch record, by field name) and {@code batch_segments} (the fields of the segment
 * record, and {@code segment}, its index), and the value {@code :ingested_at}.
 *
 * <p>The statements after {@code -- @enrich}, each ended by a semicolon at the end of its line, fill
 * columns that come from other tables, or other tables from this one. They are run in the
 * transaction that replaces rows, after the insert. They read {@code batch_pieces} (the ranges that
 * were replaced: {@code name}, {@code by_parent}, and {@code lo} and {@code hi} of the table's time
 * column, half-open), {@code batch_segments} and {@code :ingested_at}, must give the same whenever
 * they are run again, and may neither add rows to the table nor take any away.
 *
 * <p>A table that several others keep, because it is made of what all of them are given, has these
 * statements in its own file, after {@code -- @keep}; the others name it with {@code @keeps}, which
 * makes it with them and runs its statements after their own enrichments. Immutable.
 */
public final class TableSql {
  private static final Pattern NAME = Pattern.compile("[a-z]+\\.[a-z0-9_]+");

  private static final Pattern STATEMENT_END = Pattern.compile(";\\s*(\\n|$)");

  private static final Pattern INSERT =
      Pattern.compile("INSERT INTO \\S+\\s*\\(([^)]*)\\)\\s*(.+?);?", Pattern.DOTALL);

  private final String name;
  private final Map<String, String> directives;

  private TableSql(String name, Map<String, String> directives) {
    this.name = name;
    this.directives = directives;
  }

  /**
   * Reads a table's file.
   *
   * @throws IllegalArgumentException if there is no such table
   */
  public static TableSql of(String table) {
    return find(table)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown table "
                        + table
                        + ": there is no /sql/"
                        + table
                        + ".sql. Bars go to raw.databento_futures_ohlcv_1d, _1h, _1m or _1s, of"
                        + " options to raw.databento_options_ohlcv_1d"));
  }

  /** Reads a table's file if there is one. */
  public static Optional<TableSql> find(String table) {
    if (!NAME.matcher(table).matches()) {
      return Optional.empty();
    }
    try (InputStream in = TableSql.class.getResourceAsStream("/sql/" + table + ".sql")) {
      return in == null
          ? Optional.empty()
          : Optional.of(parse(table, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read /sql/" + table + ".sql", e);
    }
  }

  static TableSql parse(String table, String text) {
    return new TableSql(table, directives(text));
  }

  /** What a file says after each {@code -- @name}, without its comment lines. */
  static Map<String, String> directives(String text) {
    Map<String, String> directives = new LinkedHashMap<>();
    String section = "";
    StringBuilder body = new StringBuilder();
    for (String line : (text + "\n-- @end").lines().toList()) {
      if (line.startsWith("-- @")) {
        if (!section.isEmpty() && !body.isEmpty()) {
          directives.put(section, body.toString().strip());
        }
        String[] words = line.substring(4).strip().split("\\s+", 2);
        section = words[0];
        body.setLength(0);
        if (words.length == 2) {
          directives.put(section, words[1]);
        }
      } else if (!line.startsWith("--")) {
        body.append(line).append('\n');
      }
    }
    return directives;
  }

  /** The table's full name, {@code schema.table}. */
  public String name() {
    return name;
  }

  /** The statement that makes the table or view if it is not there. */
  public String create() {
    return required("create");
  }

  /**
   * The same with the primary key, for who asks for it.
   *
   * @throws IllegalArgumentException if the table has none to offer
   */
  public String createWithPrimaryKey() {
    String create = create();
    int end = create.lastIndexOf(')');
    return create.substring(0, end).stripTrailing()
        + ",\n    PRIMARY KEY ("
        + String.join(", ", columns("primary_key"))
        + ")\n"
        + create.substring(end);
  }

  /** The INSERT SELECT from batch_rows and batch_segments. */
  public String insert() {
    return required("insert");
  }

  /** The columns that the insert fills, in its order. */
  public List<String> insertedColumns() {
    return Arrays.stream(insertParts().group(1).split(",")).map(String::strip).toList();
  }

  /** The query of the insert: the rows that it inserts, a column for each it fills. */
  public String insertedRows() {
    return insertParts().group(2);
  }

  private Matcher insertParts() {
    Matcher parts = INSERT.matcher(insert());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "The insert of /sql/" + name + ".sql must be INSERT INTO table (columns) and a query");
    }
    return parts;
  }

  /** Whether rows arrive in batches, that is whether the file has an insert. */
  public boolean isBatched() {
    return directives.containsKey("insert");
  }

  /** The simple name of the Avro record whose packed columns are batch_rows. */
  public String batchRecord() {
    return required("batch");
  }

  /** The simple name of the Avro record whose fields are batch_segments. */
  public String segmentRecord() {
    return required("segment");
  }

  /** The column in which a series stands by its table symbol. */
  public String seriesColumn() {
    return required("series");
  }

  /** The column in which the requested parent stands, for tables that have one. */
  public Optional<String> parentColumn() {
    return Optional.ofNullable(directives.get("parent"));
  }

  /** The column that says when; a DATE or a TIMESTAMP. */
  public String timeColumn() {
    return required("time");
  }

  /** The columns that together name a row: the logical key. */
  public List<String> key() {
    return columns("key");
  }

  /**
   * The columns of which each combination has one row, whoever published it; the logical key where
   * the rows of several publishers may stand side by side.
   */
  public List<String> rowPer() {
    return directives.containsKey("row_per") ? columns("row_per") : key();
  }

  /** Views that show the table's rows in other ways, made after it; full names. */
  public List<String> views() {
    return optional("views");
  }

  /** Other tables that are made with it, because its enrichments read or fill them; full names. */
  public List<String> companions() {
    List<String> all = new ArrayList<>(optional("with"));
    all.addAll(optional("keeps"));
    return List.copyOf(all);
  }

  /**
   * The statements that are run after rows were replaced, in order: its own, then those of the
   * tables that it keeps.
   */
  public List<String> enrichments() {
    List<String> all = new ArrayList<>(statements("enrich"));
    optional("keeps").forEach(table -> all.addAll(of(table).keeping()));
    return List.copyOf(all);
  }

  /** The statements by which others keep this table, in order; they read batch_segments alone. */
  public List<String> keeping() {
    return statements("keep");
  }

  private List<String> statements(String section) {
    return STATEMENT_END
        .splitAsStream(directives.getOrDefault(section, ""))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private List<String> optional(String directive) {
    return directives.containsKey(directive) ? columns(directive) : List.of();
  }

  private List<String> columns(String directive) {
    List<String> names = new ArrayList<>();
    Arrays.stream(required(directive).split(",")).map(String::strip).forEach(names::add);
    return List.copyOf(names);
  }

  private String required(String directive) {
    String value = directives.get(directive);
    if (value == null) {
      throw new IllegalArgumentException(
          "/sql/" + name + ".sql says nothing of @" + directive + ", which this use needs");
    }
    return value;
  }
}
