package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The segments of all sources of a group, in the temporary table that the rows are joined with. */
final class Segments {
  static final String TABLE = "batch_segments";

  private Segments() {}

  /**
   * Stages the segments and tells each source the index of its first.
   *
   * @return whether there is any
   */
  static boolean stage(DuckDBConnection connection, List<OpenSource> sources, String recordName)
      throws SQLException {
    List<IndexedRecord> all = new ArrayList<>();
    for (OpenSource source : sources) {
      source.segmentBase(all.size());
      all.addAll(source.opening().segments());
    }
    if (all.isEmpty()) {
      return false;
    }
    Schema schema = all.get(0).getSchema();
    check(schema, recordName);
    List<AvroColumn> columns = AvroColumn.of(schema);
    StringBuilder declared = new StringBuilder(BatchColumn.SEGMENT + " INTEGER");
    columns.forEach(column -> declared.append(", ").append(column.declaration()));
    Sql.execute(connection, "CREATE OR REPLACE TEMP TABLE " + TABLE + " (" + declared + ")");
    try (DuckDBAppender rows = connection.createAppender("temp", "main", TABLE)) {
      for (int i = 0; i < all.size(); i++) {
        rows.beginRow().append(i);
        for (AvroColumn column : columns) {
          column.append(rows, all.get(i));
        }
        rows.endRow();
      }
      rows.flush();
    }
    return true;
  }

  static void check(Schema schema, String recordName) {
    if (!schema.getName().equals(recordName)) {
      throw new IllegalArgumentException(
          "This table takes " + recordName + " records, not " + schema.getFullName());
    }
  }
}
