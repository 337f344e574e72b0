package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another kind of row is an .avsc, an .sql and a source; nothing of the writer changes. */
class OtherKindTest {
  private static final String TABLE = "raw.test_tides";

  @TempDir Path folder;

  @Test
  void rowsOfAKindThatTheWriterNeverHeardOfAreLoaded() throws IOException {
    try (TestDatabase db = new TestDatabase(folder).prepared(TABLE)) {
      for (int i = 0; i < 2; i++) {
        db.writer(TABLE)
            .write(
                List.of(new Tides("a", 1), new Tides("b", 2)),
                GroupWriter.DATA_END_UNKNOWN,
                List.of());
      }
      assertThat(
          db.ask(
              "SELECT station, seen_at, height_m, gauge, calibrated, latitude FROM raw.test_tides"
                  + " ORDER BY ALL"),
          contains(
              "a|2024-01-01 00:00:01.5|-0.25|-|2024-01-01|54.123456",
              "a|2024-01-01 06:00:00.0|3.5|7|1969-12-31|54.123456",
              "b|2024-01-01 00:00:01.5|-0.25|-|2024-01-01|54.123456",
              "b|2024-01-01 06:00:00.0|3.5|7|1969-12-31|54.123456"));
      assertThat(
          db.coverage(),
          contains(
              "a|a|2024-01-01T00|2024-01-02T00|loaded|2",
              "b|b|2024-01-01T00|2024-01-02T00|loaded|2"));
    }
  }

  @Test
  void columnsOfAnotherTableAreFilledAgainWheneverRowsAreReplaced() throws IOException {
    try (TestDatabase db = new TestDatabase(folder).prepared(TABLE)) {
      db.run("INSERT INTO raw.test_moons VALUES (DATE '2024-01-01', 'waning')");
      for (int i = 0; i < 2; i++) {
        db.writer(TABLE).write(List.of(new Tides("a", i)), GroupWriter.DATA_END_UNKNOWN, List.of());
        assertThat(
            db.ask("SELECT moon, count(*) FROM raw.test_tides GROUP BY ALL"), contains("waning|2"));
      }
      assertThat(
          "once for each time",
          db.ask("SELECT moon FROM raw.test_moons WHERE day < DATE '2000-01-01'"),
          contains("a", "a"));
    }
  }

  private static final class Tides implements RowSource {
    private final Schema batch = schema("tide_batch");
    private final Schema station = schema("station");
    private final String name;
    private final long asked;
    private boolean given;

    Tides(String name, long asked) throws IOException {
      this.name = name;
      this.asked = asked;
    }

    private static Schema schema(String file) throws IOException {
      try (InputStream in =
          Objects.requireNonNull(
              OtherKindTest.class.getResourceAsStream("/avro/" + file + ".avsc"))) {
        return new Schema.Parser().parse(in);
      }
    }

    @Override
    public LandedChunk landed() {
      return new FakeChunk("tides-" + name)
          .stype("raw_symbol")
          .asked(asked)
          .stretch(name, "2024-01-01", "2024-01-02")
          .landed();
    }

    @Override
    public Opening open() {
      given = false;
      GenericRecord segment = new GenericData.Record(station);
      segment.put("station", name);
      segment.put(
          "latitude", ByteBuffer.wrap(java.math.BigInteger.valueOf(54_123_456).toByteArray()));
      return new Opening(
          List.of(segment),
          List.of(
              new Stretch(
                  name, name, FakeChunk.ns("2024-01-01"), FakeChunk.ns("2024-01-02"), true, true)));
    }

    @Override
    public @Nullable IndexedRecord nextBatch() {
      if (given) {
        return null;
      }
      given = true;
      GenericRecord rows = new GenericData.Record(batch);
      long day = FakeChunk.ns("2024-01-01") / 1000;
      rows.put("rows", 2);
      rows.put("has_undefined", true);
      rows.put("segment", packed(4).putInt(0).putInt(0).flip());
      rows.put("seen_at", packed(8).putLong(day + 1_500_000).putLong(day + 21_600_000_000L).flip());
      rows.put("height_m", packed(8).putDouble(-0.25).putDouble(3.5).flip());
      rows.put("gauge", packed(4).putInt(-1).putInt(7).flip());
      rows.put("calibrated", packed(4).putInt(19_723).putInt(-1).flip());
      return rows;
    }

    private static ByteBuffer packed(int width) {
      return ByteBuffer.allocate(2 * width).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public List<Reject> takeRejects() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
