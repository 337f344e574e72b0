package dev.backfill.io.duckdb;

import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The packed column types that a batch record may name in a field's {@code column} property. */
enum ColumnType {
  INT32("int32", Integer.BYTES),
  INT64("int64", Long.BYTES),
  TIMESTAMP_US("timestamp_us", Long.BYTES),
  DATE32("date32", Integer.BYTES),
  DOUBLE("double", Double.BYTES),
  DECIMAL("decimal(18,9)", Long.BYTES);

  private final String text;
  private final int width;

  ColumnType(String text, int width) {
    this.text = text;
    this.width = width;
  }

  static ColumnType of(String text) {
    return Arrays.stream(values())
        .filter(type -> type.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown column type "
                        + text
                        + ": a packed column is one of "
                        + Arrays.stream(values()).map(type -> type.text).toList()));
  }

  /** Bytes a value. */
  int width() {
    return width;
  }

  /**
   * A vector of this type. DuckDB holds DECIMAL(18,9) in 64 bits and takes Arrow's 64-bit decimal
   * as it is; Arrow's Java has no vector for it, so longs lie under a field that is declared
   * decimal, and no value is converted on the way.
   */
  BaseFixedWidthVector vector(String name, BufferAllocator allocator) {
    Field field = new Field(name, FieldType.nullable(arrowType()), null);
    return switch (this) {
      case INT32 -> new IntVector(field, allocator);
      case INT64, DECIMAL -> new BigIntVector(field, allocator);
      case TIMESTAMP_US -> new TimeStampMicroVector(field, allocator);
      case DATE32 -> new DateDayVector(field, allocator);
      case DOUBLE -> new Float8Vector(field, allocator);
    };
  }

  private ArrowType arrowType() {
    return switch (this) {
      case INT32 -> new ArrowType.Int(32, true);
      case INT64 -> new ArrowType.Int(64, true);
      case TIMESTAMP_US -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      case DATE32 -> new ArrowType.Date(DateUnit.DAY);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DECIMAL -> new ArrowType.Decimal(18, 9, 64);
    };
  }
}
