package dev.backfill.emulator.http;

import dev.backfill.io.dbn.DbnRecord;
import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.StatisticsRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The columns of each schema's records, as list_fields and the text encodings have them. */
final class Columns {
  /** What a column holds. */
  enum Type {
    TIME("uint64_t"),
    PRICE("int64_t"),
    WIDE("int64_t"),
    U64("uint64_t"),
    U32("uint32_t"),
    I32("int32_t"),
    U16("uint16_t"),
    I16("int16_t"),
    U8("uint8_t"),
    I8("int8_t"),
    CHARACTER("char"),
    TEXT("char[]");

    private final String wire;

    Type(String wire) {
      this.wire = wire;
    }

    /** The name in list_fields. */
    String wire() {
      return wire;
    }

    /** Whether JSON has it in quotes. */
    boolean quoted() {
      return this == TIME || this == PRICE || this == WIDE || this == U64;
    }
  }

  /** One column. */
  record Column(String name, Type type) {}

  private static final List<Column> BAR = parse("PRICE open high low close; U64 volume");
  private static final List<Column> STATISTICS =
      parse(
          "TIME ts_ref; PRICE price; WIDE quantity; U32 sequence; I32 ts_in_delta; U16 stat_type"
              + " channel_id; U8 update_action stat_flags");

  /** In the order of the text encodings. */
  private static final List<Column> DEFINITION =
      parse(
          "TEXT raw_symbol; CHARACTER security_update_action instrument_class; PRICE"
              + " min_price_increment display_factor; TIME expiration activation; PRICE"
              + " high_limit_price low_limit_price max_price_variation unit_of_measure_qty"
              + " min_price_increment_amount price_ratio; I32 inst_attrib_value; U32 underlying_id;"
              + " U64 raw_instrument_id; I32 market_depth_implied market_depth; U32"
              + " market_segment_id max_trade_vol; I32 min_lot_size min_lot_size_block"
              + " min_lot_size_round_lot; U32 min_trade_vol; I32 contract_multiplier decay_quantity"
              + " original_contract_size; I16 appl_id; U16 maturity_year decay_start_date"
              + " channel_id; TEXT currency settl_currency secsubtype group exchange asset cfi"
              + " security_type unit_of_measure underlying strike_price_currency; PRICE strike_price;"
              + " CHARACTER match_algorithm; U8 main_fraction price_display_format sub_fraction"
              + " underlying_product maturity_month maturity_day maturity_week; CHARACTER"
              + " user_defined_instrument; I8 contract_multiplier_unit flow_schedule_type; U8"
              + " tick_rule; U16 leg_count leg_index; U32 leg_instrument_id; TEXT leg_raw_symbol;"
              + " CHARACTER leg_instrument_class leg_side; PRICE leg_price leg_delta; I32"
              + " leg_ratio_price_numerator leg_ratio_price_denominator leg_ratio_qty_numerator"
              + " leg_ratio_qty_denominator; U32 leg_underlying_id");

  private static final List<DefinitionField> FIELDS =
      DEFINITION.stream()
          .map(c -> DefinitionField.valueOf(c.name().toUpperCase(Locale.ROOT)))
          .toList();

  private Columns() {}

  private static List<Column> parse(String text) {
    List<Column> columns = new ArrayList<>();
    for (String group : text.split("; ", -1)) {
      String[] words = group.split(" ", -1);
      for (String name : Arrays.asList(words).subList(1, words.length)) {
        columns.add(new Column(name, Type.valueOf(words[0])));
      }
    }
    return List.copyOf(columns);
  }

  /** All columns of a schema, those of the header first. */
  static List<Column> of(Schema schema, boolean dbn) {
    boolean bars = schema.barSize() != null;
    List<Column> columns = new ArrayList<>();
    if (dbn) {
      columns.addAll(parse("U8 length rtype; U16 publisher_id; U32 instrument_id; TIME ts_event"));
      columns.addAll(bars ? List.of() : parse("TIME ts_recv"));
    } else {
      columns.addAll(bars ? List.of() : parse("TIME ts_recv"));
      columns.addAll(parse("TIME ts_event; U8 rtype; U16 publisher_id; U32 instrument_id"));
    }
    columns.addAll(body(schema));
    return columns;
  }

  /** The columns behind the header and ts_recv. */
  static List<Column> body(Schema schema) {
    return switch (schema) {
      case DEFINITION -> DEFINITION;
      case STATISTICS -> STATISTICS;
      default -> BAR;
    };
  }

  /** When a record was received. */
  static long tsRecv(DbnRecord record) {
    return record instanceof StatisticsRecord s ? s.tsRecv() : ((DefinitionRecord) record).tsRecv();
  }

  /** The number in a column of a record's body. */
  static long number(DbnRecord record, int column) {
    if (record instanceof DefinitionRecord d) {
      return d.number(FIELDS.get(column));
    }
    StatisticsRecord s = (StatisticsRecord) record;
    return switch (column) {
      case 0 -> s.tsRef();
      case 1 -> s.price();
      case 2 -> s.quantity();
      case 3 -> s.sequence();
      case 4 -> s.tsInDelta();
      case 5 -> s.statType();
      case 6 -> s.channelId();
      case 7 -> s.updateAction();
      default -> s.statFlags();
    };
  }

  /** The text or character in a column of a definition. */
  static String text(DbnRecord record, int column) {
    return ((DefinitionRecord) record).text(FIELDS.get(column));
  }
}
