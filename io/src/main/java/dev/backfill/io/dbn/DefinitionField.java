package dev.backfill.io.dbn;

import java.util.BitSet;
import java.util.List;

/**
 * The fields of an instrument definition, with the place of each in versions 1, 2 and 3. The order
 * of the fields changed between versions, so they are only ever found by name.
 */
public enum DefinitionField {
  /** Time the record is ordered and filtered by, UTC ns. */
  TS_RECV(Kind.UNSIGNED, 8, 16, 16, 16),
  /** Tick size, 1e-9; undefined for some products. */
  MIN_PRICE_INCREMENT(Kind.SIGNED, 8, 24, 24, 24),
  /** Factor from the venue's price to the usual one, 1e-9. */
  DISPLAY_FACTOR(Kind.SIGNED, 8, 32, 32, 32),
  /** Last time to trade, UTC ns. */
  EXPIRATION(Kind.UNSIGNED, 8, 40, 40, 40),
  /** First time to trade, UTC ns. */
  ACTIVATION(Kind.UNSIGNED, 8, 48, 48, 48),
  /** See the field of this name in the format. */
  HIGH_LIMIT_PRICE(Kind.SIGNED, 8, 56, 56, 56),
  /** See the field of this name in the format. */
  LOW_LIMIT_PRICE(Kind.SIGNED, 8, 64, 64, 64),
  /** See the field of this name in the format. */
  MAX_PRICE_VARIATION(Kind.SIGNED, 8, 72, 72, 72),
  /** Dropped in version 3, 1e-9. */
  TRADING_REFERENCE_PRICE(Kind.SIGNED, 8, 80, 80, Place.NONE),
  /** The contract size, 1e-9. */
  UNIT_OF_MEASURE_QTY(Kind.SIGNED, 8, 88, 88, 80),
  /** Value of one tick with the display factor in it, 1e-9. */
  MIN_PRICE_INCREMENT_AMOUNT(Kind.SIGNED, 8, 96, 96, 88),
  /** See the field of this name in the format. */
  PRICE_RATIO(Kind.SIGNED, 8, 104, 104, 96),
  /** Strike, 1e-9; undefined for what is not an option. */
  STRIKE_PRICE(Kind.SIGNED, 8, 328, 112, 104),
  /** Price of the leg, 1e-9. */
  LEG_PRICE(Kind.SIGNED, 8, Place.NONE, Place.NONE, 120),
  /** Delta of the leg, 1e-9. */
  LEG_DELTA(Kind.SIGNED, 8, Place.NONE, Place.NONE, 128),
  /** See the field of this name in the format. */
  INST_ATTRIB_VALUE(Kind.SIGNED, 4, 112, 120, 136),
  /** Instrument id of the first underlying; 0 if none. */
  UNDERLYING_ID(Kind.UNSIGNED, 4, 116, 124, 140),
  /** The publisher's own id; 32 bits before version 3. */
  RAW_INSTRUMENT_ID(Kind.UNSIGNED, 4, 4, 8, 120, 128, 112),
  /** See the field of this name in the format. */
  MARKET_DEPTH_IMPLIED(Kind.SIGNED, 4, 124, 132, 144),
  /** See the field of this name in the format. */
  MARKET_DEPTH(Kind.SIGNED, 4, 128, 136, 148),
  /** See the field of this name in the format. */
  MARKET_SEGMENT_ID(Kind.UNSIGNED, 4, 132, 140, 152),
  /** See the field of this name in the format. */
  MAX_TRADE_VOL(Kind.UNSIGNED, 4, 136, 144, 156),
  /** See the field of this name in the format. */
  MIN_LOT_SIZE(Kind.SIGNED, 4, 140, 148, 160),
  /** See the field of this name in the format. */
  MIN_LOT_SIZE_BLOCK(Kind.SIGNED, 4, 144, 152, 164),
  /** See the field of this name in the format. */
  MIN_LOT_SIZE_ROUND_LOT(Kind.SIGNED, 4, 148, 156, 168),
  /** See the field of this name in the format. */
  MIN_TRADE_VOL(Kind.UNSIGNED, 4, 152, 160, 172),
  /** Not the contract size on CME, where it is undefined. */
  CONTRACT_MULTIPLIER(Kind.SIGNED, 4, 160, 164, 176),
  /** See the field of this name in the format. */
  DECAY_QUANTITY(Kind.SIGNED, 4, 164, 168, 180),
  /** See the field of this name in the format. */
  ORIGINAL_CONTRACT_SIZE(Kind.SIGNED, 4, 168, 172, 184),
  /** See the field of this name in the format. */
  LEG_INSTRUMENT_ID(Kind.UNSIGNED, 4, Place.NONE, Place.NONE, 188),
  /** See the field of this name in the format. */
  LEG_RATIO_PRICE_NUMERATOR(Kind.SIGNED, 4, Place.NONE, Place.NONE, 192),
  /** See the field of this name in the format. */
  LEG_RATIO_PRICE_DENOMINATOR(Kind.SIGNED, 4, Place.NONE, Place.NONE, 196),
  /** See the field of this name in the format. */
  LEG_RATIO_QTY_NUMERATOR(Kind.SIGNED, 4, Place.NONE, Place.NONE, 200),
  /** See the field of this name in the format. */
  LEG_RATIO_QTY_DENOMINATOR(Kind.SIGNED, 4, Place.NONE, Place.NONE, 204),
  /** See the field of this name in the format. */
  LEG_UNDERLYING_ID(Kind.UNSIGNED, 4, Place.NONE, Place.NONE, 208),
  /** Dropped in version 3. */
  TRADING_REFERENCE_DATE(Kind.UNSIGNED, 2, 176, 176, Place.NONE),
  /** See the field of this name in the format. */
  APPL_ID(Kind.SIGNED, 2, 178, 178, 212),
  /** 65535 if none. */
  MATURITY_YEAR(Kind.UNSIGNED, 2, 180, 180, 214),
  /** See the field of this name in the format. */
  DECAY_START_DATE(Kind.UNSIGNED, 2, 182, 182, 216),
  /** See the field of this name in the format. */
  CHANNEL_ID(Kind.UNSIGNED, 2, 184, 184, 218),
  /** Number of legs; 0 for a single instrument. */
  LEG_COUNT(Kind.UNSIGNED, 2, Place.NONE, Place.NONE, 220),
  /** Which leg this record describes, from 0. */
  LEG_INDEX(Kind.UNSIGNED, 2, Place.NONE, Place.NONE, 222),
  /** See the field of this name in the format. */
  CURRENCY(Kind.TEXT, 4, 186, 186, 224),
  /** See the field of this name in the format. */
  SETTL_CURRENCY(Kind.TEXT, 4, 190, 190, 228),
  /** Strategy of a spread. */
  SECSUBTYPE(Kind.TEXT, 6, 194, 194, 232),
  /** The venue's symbol. */
  RAW_SYMBOL(Kind.TEXT, 22, 71, 71, 200, 200, 238),
  /** The venue's product group. */
  GROUP(Kind.TEXT, 21, 222, 271, 309),
  /** Venue: XCME, XCBT, XNYM, XCEC, IFEU. */
  EXCHANGE(Kind.TEXT, 5, 243, 292, 330),
  /** Product root; for an option the option's own root. */
  ASSET(Kind.TEXT, 7, 7, 11, 248, 297, 335),
  /** ISO 10962 class; empty on ICE. */
  CFI(Kind.TEXT, 7, 255, 304, 346),
  /** FUT, OOF and others. */
  SECURITY_TYPE(Kind.TEXT, 7, 262, 311, 353),
  /** Unit of the contract size: bu, bbl, IPNT. */
  UNIT_OF_MEASURE(Kind.TEXT, 31, 269, 318, 360),
  /** Symbol of the first underlying; empty for futures. */
  UNDERLYING(Kind.TEXT, 21, 300, 349, 391),
  /** See the field of this name in the format. */
  STRIKE_PRICE_CURRENCY(Kind.TEXT, 4, 321, 370, 412),
  /** See the field of this name in the format. */
  LEG_RAW_SYMBOL(Kind.TEXT, 71, Place.NONE, Place.NONE, 416),
  /** F future, C call, P put, S future spread, T option spread and others. */
  INSTRUMENT_CLASS(Kind.CHARACTER, 1, 325, 374, 487),
  /** See the field of this name in the format. */
  MATCH_ALGORITHM(Kind.CHARACTER, 1, 342, 375, 488),
  /** Dropped in version 3. */
  MD_SECURITY_TRADING_STATUS(Kind.UNSIGNED, 1, 343, 376, Place.NONE),
  /** Denominator of the displayed fraction; 255 if none. */
  MAIN_FRACTION(Kind.UNSIGNED, 1, 344, 377, 489),
  /** Digits after the tick mark. */
  PRICE_DISPLAY_FORMAT(Kind.UNSIGNED, 1, 345, 378, 490),
  /** Dropped in version 3. */
  SETTL_PRICE_TYPE(Kind.UNSIGNED, 1, 346, 379, Place.NONE),
  /** See the field of this name in the format. */
  SUB_FRACTION(Kind.UNSIGNED, 1, 347, 380, 491),
  /** See the field of this name in the format. */
  UNDERLYING_PRODUCT(Kind.UNSIGNED, 1, 348, 381, 492),
  /** A added, M modified, D deleted. */
  SECURITY_UPDATE_ACTION(Kind.CHARACTER, 1, 349, 382, 493),
  /** 255 if none. */
  MATURITY_MONTH(Kind.UNSIGNED, 1, 350, 383, 494),
  /** 255 if none. */
  MATURITY_DAY(Kind.UNSIGNED, 1, 351, 384, 495),
  /** 255 if none. */
  MATURITY_WEEK(Kind.UNSIGNED, 1, 352, 385, 496),
  /** Y or N. */
  USER_DEFINED_INSTRUMENT(Kind.CHARACTER, 1, 353, 386, 497),
  /** See the field of this name in the format. */
  CONTRACT_MULTIPLIER_UNIT(Kind.SIGNED, 1, 354, 387, 498),
  /** See the field of this name in the format. */
  FLOW_SCHEDULE_TYPE(Kind.SIGNED, 1, 355, 388, 499),
  /** See the field of this name in the format. */
  TICK_RULE(Kind.UNSIGNED, 1, 356, 389, 500),
  /** See the field of this name in the format. */
  LEG_INSTRUMENT_CLASS(Kind.CHARACTER, 1, Place.NONE, Place.NONE, 501),
  /** A ask, B bid, N none. */
  LEG_SIDE(Kind.CHARACTER, 1, Place.NONE, Place.NONE, 502);

  private static final List<DefinitionField> ALL = List.of(values());
  private static final int[][] GAPS = {gaps(1), gaps(2), gaps(3)};

  private final Kind kind;

  // By version; never changed nor handed out.
  @SuppressWarnings("ImmutableEnumChecker")
  private final int[] sizes;

  @SuppressWarnings("ImmutableEnumChecker")
  private final int[] offsets;

  DefinitionField(Kind kind, int size, int offset1, int offset2, int offset3) {
    this(kind, size, size, size, offset1, offset2, offset3);
  }

  DefinitionField(
      Kind kind, int size1, int size2, int size3, int offset1, int offset2, int offset3) {
    this.kind = kind;
    this.sizes = new int[] {size1, size2, size3};
    this.offsets = new int[] {offset1, offset2, offset3};
  }

  private static final class Place {
    /** The version does not have the field. */
    static final int NONE = -1;
  }

  /** What a field holds. */
  enum Kind {
    SIGNED,
    UNSIGNED,
    CHARACTER,
    TEXT
  }

  /** Whether the field is text, rather than a number or a single character. */
  public boolean isText() {
    return kind == Kind.TEXT;
  }

  /** Whether the field exists in this version (1 to 3). */
  public boolean isIn(int version) {
    return offsets[version - 1] != Place.NONE;
  }

  Kind kind() {
    return kind;
  }

  int offset(int version) {
    return offsets[version - 1];
  }

  int size(int version) {
    return sizes[version - 1];
  }

  static List<DefinitionField> all() {
    return ALL;
  }

  /** Bytes of a definition without a send time; 0 for a version that is not known. */
  static int recordSize(int version) {
    return switch (version) {
      case 1 -> 360;
      case 2 -> 400;
      case 3 -> 520;
      default -> 0;
    };
  }

  /** The version whose definitions have this size; 0 if none has. */
  static int versionOfSize(int size) {
    return switch (size) {
      case 360 -> 1;
      case 400 -> 2;
      case 520 -> 3;
      default -> 0;
    };
  }

  /** Offsets of the reserved bytes: those that no field covers. */
  static int[] reservedOffsets(int version) {
    return GAPS[version - 1];
  }

  private static int[] gaps(int version) {
    BitSet free = new BitSet();
    free.set(RType.HEADER_SIZE, recordSize(version));
    for (DefinitionField field : ALL) {
      if (field.isIn(version)) {
        free.clear(field.offset(version), field.offset(version) + field.size(version));
      }
    }
    return free.stream().toArray();
  }

  /** The field's place in a record's arrays, which live no longer than this class. */
  @SuppressWarnings("EnumOrdinal")
  int slot() {
    return ordinal();
  }
}
