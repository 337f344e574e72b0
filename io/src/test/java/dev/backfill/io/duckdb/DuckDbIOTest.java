package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbIOTest {
  private static final Schema READING =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Reading", "namespace": "test", "fields": [
                {"name": "place", "type": "string"},
                {"name": "seen_at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "sent", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "price", "type": ["null", {"type": "bytes", "logicalType": "decimal",
                  "precision": 18, "scale": 9}]},
                {"name": "count", "type": "int"},
                {"name": "total", "type": "long"},
                {"name": "ratio", "type": "double"},
                {"name": "good", "type": "boolean"},
                {"name": "raw", "type": "bytes"},
                {"name": "note", "type": ["null", "string"]}]}
              """);

  private static final String COLUMNS =
      "place, seen_at, sent, day, price, count, total, ratio, good, note";

  @TempDir Path folder;
  private final Pipeline pipeline = Pipeline.create();

  private static GenericRecord reading(int i, long rawPrice) {
    GenericRecord record = new GenericData.Record(READING);
    record.put("place", "P" + i % 10);
    record.put("seen_at", 1_704_067_200_000_000L + i * 1_000_001L);
    record.put("sent", 1_704_067_200_000L + i);
    record.put("day", 19_723);
    record.put(
        "price", i % 3 == 0 ? null : ByteBuffer.wrap(BigInteger.valueOf(rawPrice).toByteArray()));
    record.put("count", i);
    record.put("total", Long.MAX_VALUE - i);
    record.put("ratio", i / 4.0);
    record.put("good", i % 2 == 0);
    record.put("raw", ByteBuffer.wrap(("r" + i).getBytes(StandardCharsets.UTF_8)));
    record.put("note", i % 5 == 0 ? null : "n" + i);
    return record;
  }

  private DuckDbIO.Write<GenericRecord> write(TestDatabase db) {
    return DuckDbIO.<GenericRecord>write()
        .to(db.path.toString())
        .table("raw.readings")
        .withKey("place", "seen_at");
  }

  @Test
  void everyRecordArrivesInATableMadeFromItsSchema() {
    List<GenericRecord> records = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      records.add(reading(i, -37_630_000_000L + i));
    }
    try (TestDatabase db = new TestDatabase(folder)) {
      PCollection<Long> counts =
          pipeline
              .apply(Create.of(records).withCoder(AvroCoder.of(READING)))
              .apply("Write readings", write(db))
              .counts();
      PAssert.that(counts.apply(Sum.longsGlobally())).containsInAnyOrder(4_000L);
      pipeline.run().waitUntilFinish();
      assertThat(
          db.ask(
              "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
                  + " WHERE table_name = 'readings' ORDER BY column_index"),
          contains(
              "place|VARCHAR|false",
              "seen_at|TIMESTAMP|false",
              "sent|TIMESTAMP|false",
              "day|DATE|false",
              "price|DECIMAL(18,9)|true",
              "count|INTEGER|false",
              "total|BIGINT|false",
              "ratio|DOUBLE|false",
              "good|BOOLEAN|false",
              "raw|BLOB|false",
              "note|VARCHAR|true"));
      assertThat(
          db.ask("SELECT " + COLUMNS + " FROM raw.readings WHERE count IN (0, 1) ORDER BY count"),
          contains(
              "P0|2024-01-01 00:00:00.0|2024-01-01"
                  + " 00:00:00.0|2024-01-01|-|0|9223372036854775807|0.0|true|-",
              "P1|2024-01-01 00:00:01.000001|2024-01-01"
                  + " 00:00:00.001|2024-01-01|-37.629999999|1|9223372036854775806|0.25|false|n1"));
      assertThat(
          db.ask(
              "SELECT count(*) FROM raw.readings r, range(4000) e(i) WHERE r.count = e.i AND"
                  + " decode(raw) = 'r' || i AND total = 9223372036854775807 - i AND ratio = i /"
                  + " 4.0 AND good = (i % 2 = 0) AND note IS NOT DISTINCT FROM CASE WHEN i % 5 > 0"
                  + " THEN 'n' || i END AND price IS NOT DISTINCT FROM CASE WHEN i % 3 > 0 THEN"
                  + " CAST(-37.63 + i * 0.000000001::DECIMAL(18,9) AS DECIMAL(18,9)) END AND place"
                  + " = 'P' || i % 10 AND seen_at = make_timestamp(1704067200000000 + i *"
                  + " 1000001)"),
          contains("4000"));
    }
  }

  @Test
  void writingAgainReplacesRowsOfTheSameKey() {
    try (TestDatabase db = new TestDatabase(folder)) {
      RecordWriter writer =
          new RecordWriter(db.database, "raw.readings", READING, List.of("place", "seen_at"));
      writer.prepare();
      writer.prepare();
      List<GenericRecord> batch = List.of(reading(1, 5), reading(2, 5), reading(2, 7));
      assertThat(writer.write(batch), is(2L));
      assertThat(writer.write(batch), is(2L));
      pipeline
          .apply(Create.of(List.of(reading(1, 9))).withCoder(AvroCoder.of(READING)))
          .apply(write(db));
      pipeline.run().waitUntilFinish();
      assertThat(
          db.ask("SELECT count, price FROM raw.readings ORDER BY 1"),
          contains("1|0.000000009", "2|0.000000007"));
    }
  }

  @Test
  void aBatchWithABadRecordChangesNothing() {
    try (TestDatabase db = new TestDatabase(folder)) {
      RecordWriter writer =
          new RecordWriter(db.database, "raw.readings", READING, List.of("place", "seen_at"));
      writer.prepare();
      writer.write(List.of(reading(1, 5)));
      GenericRecord bad = reading(1, 6);
      bad.put("place", null);
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> writer.write(List.of(reading(1, 8), bad)))
              .getMessage();
      assertThat(message, containsString("Field place of test.Reading must not be null"));
      assertThat(db.ask("SELECT price FROM raw.readings"), contains("0.000000005"));
    }
  }

  @Test
  void aTableThatCannotHoldTheRecordsIsRefused() {
    try (TestDatabase db = new TestDatabase(folder)) {
      db.run("CREATE SCHEMA raw");
      db.run(
          "CREATE TABLE raw.readings (place VARCHAR, seen_at TIMESTAMP, sent TIMESTAMP, day DATE,"
              + " price DECIMAL(10,2))");
      String message =
          assertThrows(
                  DatabaseException.class,
                  () ->
                      new RecordWriter(db.database, "raw.readings", READING, List.of("place"))
                          .prepare())
              .getMessage();
      assertThat(message, containsString("no column price that holds DECIMAL(18,9)"));
    }
  }

  @Test
  void whatIsMissingIsSaidWhenThePipelineIsMade() {
    PCollection<GenericRecord> one =
        pipeline.apply(Create.of(List.of(reading(1, 1))).withCoder(AvroCoder.of(READING)));
    DuckDbIO.Write<GenericRecord> noKey =
        DuckDbIO.<GenericRecord>write().to("x.duckdb").table("raw.readings");
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> one.apply("a", noKey)).getMessage(),
        containsString("withKey"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> one.apply("b", noKey.withKey("plaice")))
            .getMessage(),
        containsString("The key column plaice is no field of test.Reading"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> one.apply("c", noKey.withKey("place").table("drop table")))
            .getMessage(),
        containsString("The table name drop table is not understood"));
  }
}
