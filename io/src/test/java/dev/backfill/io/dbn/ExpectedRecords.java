package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import java.util.Map;

/** Compares the reader's record with its expected values, field by field as far as these go. */
final class ExpectedRecords {
  private ExpectedRecords() {}

  static JsonNode of(JsonNode file) {
    for (String kind : new String[] {"ohlcv", "definition", "statistics", "status"}) {
      if (file.has(kind)) {
        return file.get(kind);
      }
    }
    return JsonNodeFactory.instance.arrayNode();
  }

  static void check(DbnReader reader, JsonNode expected) {
    DbnRecord record = reader.record();
    assertThat(record.header().rtype(), equalTo(expected.get("rtype").asInt()));
    assertThat(reader.rtype(), equalTo(expected.get("rtype").asInt()));
    assertThat(reader.publisherId(), equalTo(expected.get("publisher_id").asInt()));
    assertThat(reader.instrumentId(), equalTo(expected.get("instrument_id").asLong()));
    assertThat(reader.tsEvent(), equalTo(number(expected.get("ts_event"))));
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      if (!isHeader(field.getKey())) {
        String actual = value(reader, record, field.getKey());
        assertThat(field.getKey(), actual, equalTo(text(record, field)));
      }
    }
  }

  private static boolean isHeader(String name) {
    return name.equals("record_length")
        || name.equals("rtype")
        || name.equals("publisher_id")
        || name.equals("instrument_id")
        || name.equals("ts_event");
  }

  /** The undefined quantity is the same in every version for our readers, unlike on the wire. */
  private static String text(DbnRecord record, Map.Entry<String, JsonNode> field) {
    String text = field.getValue().asText();
    return record instanceof StatisticsRecord
            && field.getKey().equals("quantity")
            && text.equals("2147483647")
        ? "9223372036854775807"
        : text;
  }

  private static long number(JsonNode node) {
    return Long.parseUnsignedLong(node.asText());
  }

  private static String value(DbnReader reader, DbnRecord record, String name) {
    if (record instanceof DefinitionRecord definition) {
      return definition(definition, DefinitionField.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    if (record instanceof OhlcvRecord bar) {
      return ohlcv(reader, bar, name);
    }
    if (record instanceof StatisticsRecord statistics) {
      return statistics(statistics, name);
    }
    return status((StatusRecord) record, name);
  }

  private static String definition(DefinitionRecord record, DefinitionField field) {
    if (field.isText() || field.kind() == DefinitionField.Kind.CHARACTER) {
      return record.text(field);
    }
    return field.kind() == DefinitionField.Kind.UNSIGNED
        ? Long.toUnsignedString(record.number(field))
        : Long.toString(record.number(field));
  }

  private static String ohlcv(DbnReader reader, OhlcvRecord bar, String name) {
    long byCursor =
        switch (name) {
          case "open" -> reader.openPrice();
          case "high" -> reader.highPrice();
          case "low" -> reader.lowPrice();
          case "close" -> reader.closePrice();
          case "volume" -> reader.volume();
          default -> throw new AssertionError(name);
        };
    long byRecord =
        switch (name) {
          case "open" -> bar.open();
          case "high" -> bar.high();
          case "low" -> bar.low();
          case "close" -> bar.close();
          default -> bar.volume();
        };
    assertThat(byCursor, equalTo(byRecord));
    return Long.toString(byRecord);
  }

  private static String statistics(StatisticsRecord record, String name) {
    return switch (name) {
      case "ts_recv" -> Long.toUnsignedString(record.tsRecv());
      case "ts_ref" -> Long.toUnsignedString(record.tsRef());
      case "price" -> Long.toString(record.price());
      case "quantity" -> Long.toString(record.quantity());
      case "sequence" -> Long.toString(record.sequence());
      case "ts_in_delta" -> Integer.toString(record.tsInDelta());
      case "stat_type" -> Integer.toString(record.statType());
      case "channel_id" -> Integer.toString(record.channelId());
      case "update_action" -> Integer.toString(record.updateAction());
      case "stat_flags" -> Integer.toString(record.statFlags());
      default -> throw new AssertionError(name);
    };
  }

  private static String status(StatusRecord record, String name) {
    return switch (name) {
      case "ts_recv" -> Long.toUnsignedString(record.tsRecv());
      case "action" -> Integer.toString(record.action());
      case "reason" -> Integer.toString(record.reason());
      case "trading_event" -> Integer.toString(record.tradingEvent());
      case "is_trading" -> String.valueOf(record.isTrading());
      case "is_quoting" -> String.valueOf(record.isQuoting());
      case "is_short_sell_restricted" -> String.valueOf(record.isShortSellRestricted());
      default -> throw new AssertionError(name);
    };
  }
}
