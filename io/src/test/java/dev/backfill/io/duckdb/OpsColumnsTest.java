package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of the schema ops are those that users' own queries were written for. */
class OpsColumnsTest {
  @Test
  void everyTableHasTheColumnsOfTheReferenceInItsOrder(@TempDir Path folder) throws IOException {
    try (TestDatabase db = new TestDatabase(folder)) {
      List<String> columns =
          db.prepared(TestDatabase.DAILY)
              .ask(
                  "SELECT 'ops.' || t.table_name || ' ' || c.column_name || ' ' || c.data_type"
                      + " FROM duckdb_tables() t JOIN duckdb_columns() c USING (table_oid)"
                      + " WHERE t.schema_name = 'ops' ORDER BY t.table_name, c.column_index");
      assertThat(String.join("\n", columns), is(String.join("\n", reference())));
    }
  }

  /** By table; within one in its own order. */
  private static List<String> reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OpsColumnsTest.class.getResourceAsStream("/ops-columns.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .sorted(Comparator.comparing(line -> line.split(" ")[0]))
          .toList();
    }
  }
}
