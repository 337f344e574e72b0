package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;

/**
 * Avro records as JSON for people: each {@code x_ns} is preceded by {@code x}, the same time as
 * text. Only the number is read back. Reads what older programs wrote (a field that is missing
 * takes its default) and newer ones (a field that is unknown is passed over).
 */
final class AvroJson {
  private static final String NANOS = "_ns";

  private AvroJson() {}

  /** The record as a JSON object with the schema's field names. */
  static ObjectNode write(IndexedRecord value) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Schema.Field field : value.getSchema().getFields()) {
      Object part = value.get(field.pos());
      if (field.name().endsWith(NANOS) && part instanceof Long nanos) {
        String text = Times.instant(nanos).toString();
        node.put(field.name().substring(0, field.name().length() - NANOS.length()), text);
      }
      node.set(field.name(), write(part, field.schema()));
    }
    return node;
  }

  private static JsonNode write(Object value, Schema schema) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (schema.getType()) {
      case RECORD -> write((IndexedRecord) value);
      case ARRAY -> {
        ArrayNode array = json.arrayNode();
        ((List<?>) value).forEach(part -> array.add(write(part, schema.getElementType())));
        yield array;
      }
      case LONG -> json.numberNode((Long) value);
      case INT -> json.numberNode((Integer) value);
      case DOUBLE -> json.numberNode((Double) value);
      case BOOLEAN -> json.booleanNode((Boolean) value);
      case STRING, ENUM -> json.textNode(value.toString());
      default -> throw new IllegalArgumentException("No JSON form for Avro " + schema.getType());
    };
  }

  /**
   * The record of a JSON object.
   *
   * @throws IOException if a field without default is missing or has another type
   */
  static <T extends IndexedRecord> T read(JsonNode node, Schema schema, Class<T> type)
      throws IOException {
    return type.cast(read(node, schema, ""));
  }

  private static Object read(JsonNode node, Schema schema, String path) throws IOException {
    return switch (schema.getType()) {
      case RECORD -> readRecord(node, schema, path);
      case ARRAY -> {
        require(node.isArray(), "a list", node, path);
        List<Object> parts = new ArrayList<>();
        for (JsonNode part : node) {
          parts.add(read(part, schema.getElementType(), path + "[]"));
        }
        yield parts;
      }
      case LONG -> {
        require(node.isIntegralNumber() && node.canConvertToLong(), "a whole number", node, path);
        yield node.longValue();
      }
      case INT -> {
        require(node.isIntegralNumber() && node.canConvertToInt(), "a whole number", node, path);
        yield node.intValue();
      }
      case DOUBLE -> {
        require(node.isNumber(), "a number", node, path);
        yield node.doubleValue();
      }
      case BOOLEAN -> {
        require(node.isBoolean(), "true or false", node, path);
        yield node.booleanValue();
      }
      case STRING -> {
        require(node.isTextual(), "a text", node, path);
        yield node.textValue();
      }
      case ENUM -> {
        require(
            node.isTextual() && schema.hasEnumSymbol(node.textValue()),
            "one of " + schema.getEnumSymbols(),
            node,
            path);
        yield SpecificData.get().createEnum(node.textValue(), schema);
      }
      default -> throw new IllegalArgumentException("No JSON form for Avro " + schema.getType());
    };
  }

  private static IndexedRecord readRecord(JsonNode node, Schema schema, String path)
      throws IOException {
    require(node.isObject(), "an object", node, path);
    IndexedRecord record = (IndexedRecord) SpecificData.get().newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode part = node.get(field.name());
      String name = path.isEmpty() ? field.name() : path + "." + field.name();
      if (part == null && field.hasDefaultValue()) {
        record.put(field.pos(), SpecificData.get().getDefaultValue(field));
      } else if (part == null) {
        throw new IOException("field " + name + " is missing");
      } else {
        record.put(field.pos(), read(part, field.schema(), name));
      }
    }
    return record;
  }

  private static void require(boolean holds, String wanted, JsonNode node, String path)
      throws IOException {
    if (!holds) {
      throw new IOException("field " + path + " is " + node + ", but must be " + wanted);
    }
  }
}
