package dev.backfill.emulator.http;

import dev.backfill.emulator.market.BarVisitor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes bars as CSV or as JSON lines. Not thread-safe. */
final class TextWriter implements BarVisitor {
  private static final int FLUSH_AT = 32 * 1024;
  private static final long UNIT = 1_000_000_000L;

  private final OutputStream out;
  private final boolean json;
  private final boolean prettyPrices;
  private final boolean prettyTimes;
  private final @Nullable SymbolNames names;
  private final int rtype;
  private final StringBuilder text = new StringBuilder(FLUSH_AT + 512);

  /** A writer; with names, each record says its symbol. CSV begins with its header. */
  TextWriter(
      OutputStream out,
      boolean json,
      boolean prettyPrices,
      boolean prettyTimes,
      @Nullable SymbolNames names,
      int rtype) {
    this.out = out;
    this.json = json;
    this.prettyPrices = prettyPrices;
    this.prettyTimes = prettyTimes;
    this.names = names;
    this.rtype = rtype;
    if (!json) {
      text.append("ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume")
          .append(names == null ? "\n" : ",symbol\n");
    }
  }

  @Override
  public boolean bar(
      long ts, int publisher, int id, long open, long high, long low, long close, long volume)
      throws IOException {
    if (json) {
      json(ts, publisher, id, open, high, low, close, volume);
    } else {
      csv(ts, publisher, id, open, high, low, close, volume);
    }
    if (text.length() >= FLUSH_AT) {
      send();
    }
    return true;
  }

  private void csv(
      long ts, int publisher, int id, long open, long high, long low, long close, long volume) {
    time(ts);
    text.append(',').append(rtype).append(',').append(publisher).append(',').append(id);
    price(open, ',');
    price(high, ',');
    price(low, ',');
    price(close, ',');
    text.append(',').append(volume);
    if (names != null) {
      String name = names.name(id, ts);
      text.append(',').append(name == null ? "" : name);
    }
    text.append('\n');
  }

  private void json(
      long ts, int publisher, int id, long open, long high, long low, long close, long volume) {
    text.append("{\"hd\":{\"ts_event\":\"");
    time(ts);
    text.append("\",\"rtype\":").append(rtype).append(",\"publisher_id\":").append(publisher);
    text.append(",\"instrument_id\":").append(id).append("},\"open\":");
    price(open, '"');
    text.append("\",\"high\":");
    price(high, '"');
    text.append("\",\"low\":");
    price(low, '"');
    text.append("\",\"close\":");
    price(close, '"');
    text.append("\",\"volume\":\"").append(volume).append('"');
    if (names != null) {
      String name = names.name(id, ts);
      text.append(",\"symbol\":").append(name == null ? "null" : "\"" + name + "\"");
    }
    text.append("}\n");
  }

  private void time(long ts) {
    if (prettyTimes) {
      RequestTime.appendIso(text, ts);
    } else {
      text.append(ts);
    }
  }

  private void price(long price, char before) {
    text.append(before);
    if (!prettyPrices) {
      text.append(price);
      return;
    }
    appendPrice(text, price);
  }

  /** A price with nine decimals. */
  static void appendPrice(StringBuilder text, long price) {
    if (price < 0) {
      text.append('-');
    }
    long size = Math.abs(price);
    text.append(size / UNIT).append('.');
    RequestTime.pad(text, size % UNIT, 9);
  }

  private void send() throws IOException {
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    text.setLength(0);
  }

  /** Sends what is held back. */
  void finish() throws IOException {
    send();
    out.flush();
  }
}
