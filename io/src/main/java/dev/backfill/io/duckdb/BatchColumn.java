package dev.backfill.io.duckdb;

import dev.backfill.schemas.FixedPrice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * One packed column of a batch record, as its Avro schema declares it.
 *
 * @param name the field's name, which is the column's in batch_rows
 * @param position of the field in the record
 * @param type from the property {@code column}
 * @param undefined from the property {@code undefined}: the packed value that stands for NULL
 */
record BatchColumn(String name, int position, ColumnType type, @Nullable Long undefined) {
  /** The column that names a row's segment. */
  static final String SEGMENT = "segment";

  /** The packed columns of a batch's schema, in its order. */
  static List<BatchColumn> of(Schema batch) {
    List<BatchColumn> columns = new ArrayList<>();
    for (Schema.Field field : batch.getFields()) {
      String type = field.getProp("column");
      if (type != null) {
        String undefined = field.getProp("undefined");
        columns.add(
            new BatchColumn(
                field.name(),
                field.pos(),
                ColumnType.of(type),
                undefined == null ? null : Long.valueOf(undefined)));
      }
    }
    if (columns.stream().noneMatch(column -> column.isSegment())) {
      throw new IllegalArgumentException(
          "The batch record "
              + batch.getFullName()
              + " has no int32 column named segment, by which the writer joins the rows' strings");
    }
    return columns;
  }

  boolean isSegment() {
    return name.equals(SEGMENT) && type == ColumnType.INT32;
  }

  /** The packed bytes of this column in a batch, little-endian, from its first row. */
  ByteBuffer bytes(IndexedRecord batch, int rows) {
    ByteBuffer bytes = ((ByteBuffer) batch.get(position)).slice().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() != rows * type.width()) {
      throw new IllegalStateException(
          "Column "
              + name
              + " of a batch of "
              + rows
              + " rows has "
              + bytes.remaining()
              + " bytes, not "
              + rows * type.width());
    }
    return bytes;
  }

  /**
   * Copies rows into a vector.
   *
   * @param segmentBase added to the segment column
   * @param looksForUndefined whether the batch says that it has undefined values
   */
  void copy(
      ByteBuffer from,
      int fromRow,
      BaseFixedWidthVector to,
      int toRow,
      int rows,
      int segmentBase,
      boolean looksForUndefined) {
    ArrowBuf data = to.getDataBuffer();
    if (segmentBase != 0 && isSegment()) {
      for (int i = 0; i < rows; i++) {
        int index = from.getInt((fromRow + i) * Integer.BYTES) + segmentBase;
        data.setInt((long) (toRow + i) * Integer.BYTES, index);
      }
      return;
    }
    data.setBytes((long) toRow * type.width(), from, fromRow * type.width(), rows * type.width());
    if (undefined != null && looksForUndefined) {
      unsetUndefined(from, fromRow, to, toRow, rows, undefined);
    } else if (type == ColumnType.DECIMAL) {
      for (int i = 0; i < rows; i++) {
        checkRange(from.getLong((fromRow + i) * Long.BYTES));
      }
    }
  }

  private void unsetUndefined(
      ByteBuffer from, int fromRow, BaseFixedWidthVector to, int toRow, int rows, long nothing) {
    ArrowBuf validity = to.getValidityBuffer();
    boolean isDecimal = type == ColumnType.DECIMAL;
    for (int i = 0; i < rows; i++) {
      long value =
          type.width() == Long.BYTES
              ? from.getLong((fromRow + i) * Long.BYTES)
              : from.getInt((fromRow + i) * Integer.BYTES);
      if (value == nothing) {
        BitVectorHelper.unsetBit(validity, toRow + i);
      } else if (isDecimal) {
        checkRange(value);
      }
    }
  }

  /** DuckDB takes a 64-bit decimal's bits unseen, also those that it cannot print. */
  private void checkRange(long value) {
    if (value <= -FixedPrice.LIMIT || value >= FixedPrice.LIMIT) {
      throw new IllegalStateException(
          "Column "
              + name
              + " holds "
              + value
              + " (in units of 1e-9), which DECIMAL(18,9) cannot: such a record is rejected, or"
              + " marked undefined, before it comes to the writer");
    }
  }
}
