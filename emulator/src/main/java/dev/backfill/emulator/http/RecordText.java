package dev.backfill.emulator.http;

import dev.backfill.io.dbn.DbnRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes definitions and statistics as CSV or as JSON lines. Not thread-safe. */
final class RecordText {
  private static final int FLUSH_AT = 32 * 1024;

  private final OutputStream out;
  private final Encoding encoding;
  private final @Nullable SymbolNames names;
  private final List<Columns.Column> columns;
  private final StringBuilder text = new StringBuilder(FLUSH_AT + 2048);

  /** A writer; with names, each record says its symbol. CSV begins with its header. */
  RecordText(OutputStream out, Schema schema, Encoding encoding, @Nullable SymbolNames names) {
    this.out = out;
    this.encoding = encoding;
    this.names = names;
    this.columns = Columns.body(schema);
    if (!json()) {
      List<String> head = Columns.of(schema, false).stream().map(Columns.Column::name).toList();
      text.append(String.join(",", head)).append(names == null ? "\n" : ",symbol\n");
    }
  }

  private boolean json() {
    return encoding.name().equals("json");
  }

  void write(DbnRecord record) throws IOException {
    if (json()) {
      json(record);
    } else {
      csv(record);
    }
    if (text.length() >= FLUSH_AT) {
      send();
    }
  }

  private void csv(DbnRecord record) {
    number(Columns.Type.TIME, Columns.tsRecv(record));
    text.append(',');
    number(Columns.Type.TIME, record.header().tsEvent());
    text.append(',').append(record.header().rtype());
    text.append(',').append(record.header().publisherId());
    text.append(',').append(record.header().instrumentId());
    for (int i = 0; i < columns.size(); i++) {
      text.append(',');
      Columns.Type type = columns.get(i).type();
      if (isText(type)) {
        text.append(Columns.text(record, i));
      } else {
        number(type, Columns.number(record, i));
      }
    }
    if (names != null) {
      String name = name(record, names);
      text.append(',').append(name == null ? "" : name);
    }
    text.append('\n');
  }

  private void json(DbnRecord record) {
    text.append("{\"ts_recv\":");
    jsonNumber(Columns.Type.TIME, Columns.tsRecv(record));
    text.append(",\"hd\":{\"ts_event\":");
    jsonNumber(Columns.Type.TIME, record.header().tsEvent());
    text.append(",\"rtype\":").append(record.header().rtype());
    text.append(",\"publisher_id\":").append(record.header().publisherId());
    text.append(",\"instrument_id\":").append(record.header().instrumentId()).append('}');
    for (int i = 0; i < columns.size(); i++) {
      Columns.Type type = columns.get(i).type();
      text.append(",\"").append(columns.get(i).name()).append("\":");
      if (isText(type)) {
        text.append('"').append(Columns.text(record, i)).append('"');
      } else {
        jsonNumber(type, Columns.number(record, i));
      }
    }
    if (names != null) {
      String name = name(record, names);
      text.append(",\"symbol\":").append(name == null ? "null" : "\"" + name + "\"");
    }
    text.append("}\n");
  }

  private static boolean isText(Columns.Type type) {
    return type == Columns.Type.TEXT || type == Columns.Type.CHARACTER;
  }

  private static @Nullable String name(DbnRecord record, SymbolNames names) {
    return names.name((int) record.header().instrumentId(), Columns.tsRecv(record));
  }

  private void jsonNumber(Columns.Type type, long value) {
    if (isPretty(type) && isAbsent(type, value)) {
      text.append("null");
      return;
    }
    String quote = type.quoted() ? "\"" : "";
    text.append(quote);
    number(type, value);
    text.append(quote);
  }

  private boolean isPretty(Columns.Type type) {
    return (type == Columns.Type.TIME && encoding.prettyTimes())
        || (type == Columns.Type.PRICE && encoding.prettyPrices());
  }

  /** Undefined, or for a time 0. */
  private static boolean isAbsent(Columns.Type type, long value) {
    return type == Columns.Type.TIME ? value == 0 || value == -1 : value == Long.MAX_VALUE;
  }

  private void number(Columns.Type type, long value) {
    if (!isPretty(type)) {
      boolean unsigned = type == Columns.Type.TIME || type == Columns.Type.U64;
      text.append(unsigned ? Long.toUnsignedString(value) : Long.toString(value));
    } else if (isAbsent(type, value)) {
      return;
    } else if (type == Columns.Type.TIME) {
      RequestTime.appendIso(text, value);
    } else {
      TextWriter.appendPrice(text, value);
    }
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
