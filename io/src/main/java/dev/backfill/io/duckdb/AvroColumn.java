package dev.backfill.io.duckdb;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * One field of a flat Avro record as a DuckDB column. Fields may be string, enum, int, long, float,
 * double, boolean, bytes or fixed, with the logical types decimal (up to 38 digits), date,
 * timestamp-millis, timestamp-micros and their local kin, each of them nullable by a union with
 * null.
 *
 * @param name the field's and the column's
 * @param position of the field in the record
 * @param value the schema without the union
 * @param nullable whether null is allowed
 * @param type DuckDB's name of the column's type
 */
record AvroColumn(String name, int position, Schema value, boolean nullable, String type) {

  /**
   * The columns of a record schema.
   *
   * @throws IllegalArgumentException if a field is nested or of a type that has no column
   */
  static List<AvroColumn> of(Schema record) {
    if (record.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "Rows are Avro records; " + record + " is " + record.getType().getName());
    }
    List<AvroColumn> columns = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      Schema value = field.schema();
      boolean nullable = false;
      if (value.isUnion()) {
        List<Schema> others =
            value.getTypes().stream().filter(one -> one.getType() != Schema.Type.NULL).toList();
        if (others.size() != 1) {
          throw unsupported(record, field);
        }
        nullable = value.getTypes().size() > 1;
        value = others.get(0);
      }
      columns.add(
          new AvroColumn(
              field.name(), field.pos(), value, nullable, duckType(record, field, value)));
    }
    return columns;
  }

  private static String duckType(Schema record, Schema.Field field, Schema value) {
    LogicalType logical = value.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      if (decimal.getPrecision() > 38) {
        throw new IllegalArgumentException(
            "Field "
                + field.name()
                + " of "
                + record.getFullName()
                + " has "
                + decimal.getPrecision()
                + " digits; DuckDB's DECIMAL has up to 38");
      }
      return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    String timeType = logical == null ? null : timeType(logical.getName());
    if (timeType != null) {
      return timeType;
    }
    return switch (value.getType()) {
      case STRING, ENUM -> "VARCHAR";
      case INT -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case BYTES, FIXED -> "BLOB";
      default -> throw unsupported(record, field);
    };
  }

  private static @Nullable String timeType(String logical) {
    return switch (logical) {
      case "date" -> "DATE";
      case "timestamp-millis",
          "timestamp-micros",
          "local-timestamp-millis",
          "local-timestamp-micros" ->
          "TIMESTAMP";
      default -> null;
    };
  }

  private static IllegalArgumentException unsupported(Schema record, Schema.Field field) {
    return new IllegalArgumentException(
        "Field "
            + field.name()
            + " of "
            + record.getFullName()
            + " is "
            + field.schema()
            + ", which has no column: a row is flat, each field a string, number, boolean, bytes,"
            + " decimal, date or timestamp, or one of these or null");
  }

  /** The column as CREATE TABLE takes it. */
  String declaration() {
    return Sql.name(name) + " " + type + (nullable ? "" : " NOT NULL");
  }

  /** Appends this field of a record, in generic or in specific representation. */
  void append(DuckDBAppender row, IndexedRecord record) throws SQLException {
    Object given = record.get(position);
    if (given == null) {
      if (!nullable) {
        throw new IllegalArgumentException(
            "Field " + name + " of " + record.getSchema().getFullName() + " must not be null");
      }
      row.appendNull();
      return;
    }
    if (type.startsWith("DECIMAL")) {
      row.append(decimal(given));
    } else if (type.equals("DATE")) {
      row.appendEpochDays(
          given instanceof LocalDate date
              ? Math.toIntExact(date.toEpochDay())
              : ((Number) given).intValue());
    } else if (type.equals("TIMESTAMP")) {
      row.appendEpochMicros(micros(given));
    } else {
      appendPlain(row, given);
    }
  }

  private void appendPlain(DuckDBAppender row, Object given) throws SQLException {
    switch (value.getType()) {
      case INT -> row.append(((Number) given).intValue());
      case LONG -> row.append(((Number) given).longValue());
      case FLOAT -> row.append(((Number) given).floatValue());
      case DOUBLE -> row.append(((Number) given).doubleValue());
      case BOOLEAN -> row.append(((Boolean) given).booleanValue());
      case BYTES, FIXED -> row.append(bytes(given));
      default -> row.append(given.toString());
    }
  }

  private BigDecimal decimal(Object given) {
    LogicalTypes.Decimal logical = (LogicalTypes.Decimal) value.getLogicalType();
    BigDecimal number =
        given instanceof BigDecimal exact
            ? exact.setScale(logical.getScale())
            : new BigDecimal(new BigInteger(bytes(given)), logical.getScale());
    if (number.precision() > logical.getPrecision()) {
      throw new IllegalArgumentException(
          "Field " + name + " holds " + number + ", which " + type + " cannot");
    }
    return number;
  }

  private long micros(Object given) {
    if (given instanceof Instant instant) {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }
    if (given instanceof java.time.LocalDateTime time) {
      return micros(time.toInstant(java.time.ZoneOffset.UTC));
    }
    if (given instanceof org.joda.time.base.AbstractInstant instant) {
      return Math.multiplyExact(instant.getMillis(), 1000L);
    }
    long raw = ((Number) given).longValue();
    LogicalType logical = value.getLogicalType();
    return logical.getName().endsWith("millis") ? Math.multiplyExact(raw, 1000L) : raw;
  }

  private static byte[] bytes(Object given) {
    if (given instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    if (given instanceof byte[] array) {
      return array;
    }
    ByteBuffer buffer = ((ByteBuffer) given).duplicate();
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  /** Null where there is no such column. */
  static @Nullable AvroColumn find(List<AvroColumn> columns, String name) {
    return columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }
}
