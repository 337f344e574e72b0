package dev.backfill.io.dbn;

import static dev.backfill.io.dbn.DefinitionField.Kind;

import java.util.Arrays;
import java.util.List;

/**
 * Definition of an instrument, or of one leg of it: a multi-leg instrument comes as one record per
 * leg. The fields that tables are made of have accessors; all others are read with {@link #number}
 * and {@link #text}.
 *
 * <p>Immutable. A field that the record's version does not have holds its undefined value: the
 * largest number of its type, an empty text, and for the legs a count of 0.
 */
public final class DefinitionRecord implements DbnRecord {
  private static final byte[] NO_BYTES = {};

  private final RecordHeader header;
  private final long[] numbers;
  private final String[] texts;

  /** Reserved bytes of the layout they were read from; empty when all of them were zero. */
  private final byte[] reserved;

  private DefinitionRecord(RecordHeader header, long[] numbers, String[] texts, byte[] reserved) {
    this.header = header;
    this.numbers = numbers;
    this.texts = texts;
    this.reserved = reserved;
  }

  /** A builder with every field undefined. */
  public static Builder builder(RecordHeader header) {
    return new Builder(header);
  }

  /** A builder with the values of this record. */
  public Builder toBuilder() {
    Builder builder = new Builder(header);
    System.arraycopy(numbers, 0, builder.numbers, 0, numbers.length);
    System.arraycopy(texts, 0, builder.texts, 0, texts.length);
    builder.reserved = reserved;
    return builder;
  }

  @Override
  public RecordHeader header() {
    return header;
  }

  /**
   * A number, or a single character as its code. Unsigned 64-bit fields above 2^63-1 read as
   * negative.
   *
   * @throws IllegalArgumentException if the field is text
   */
  public long number(DefinitionField field) {
    if (field.isText()) {
      throw new IllegalArgumentException(field + " is text; read it with text()");
    }
    return numbers[field.slot()];
  }

  /**
   * A text, or a single character as a text of one (empty for NUL).
   *
   * @throws IllegalArgumentException if the field is a number
   */
  public String text(DefinitionField field) {
    if (field.isText()) {
      return texts[field.slot()];
    }
    if (field.kind() == Kind.CHARACTER) {
      char c = (char) numbers[field.slot()];
      return c == 0 ? "" : String.valueOf(c);
    }
    throw new IllegalArgumentException(field + " is a number; read it with number()");
  }

  /** Time the record is ordered and filtered by, UTC ns. */
  public long tsRecv() {
    return number(DefinitionField.TS_RECV);
  }

  /** Tick size, 1e-9. */
  public long minPriceIncrement() {
    return number(DefinitionField.MIN_PRICE_INCREMENT);
  }

  /** Factor from the venue's price to the usual one, 1e-9. */
  public long displayFactor() {
    return number(DefinitionField.DISPLAY_FACTOR);
  }

  /** Last time to trade, UTC ns. */
  public long expiration() {
    return number(DefinitionField.EXPIRATION);
  }

  /** First time to trade, UTC ns. */
  public long activation() {
    return number(DefinitionField.ACTIVATION);
  }

  /** Contract size, 1e-9. */
  public long unitOfMeasureQty() {
    return number(DefinitionField.UNIT_OF_MEASURE_QTY);
  }

  /** Value of one tick with the display factor in it, 1e-9. */
  public long minPriceIncrementAmount() {
    return number(DefinitionField.MIN_PRICE_INCREMENT_AMOUNT);
  }

  /** Strike, 1e-9; undefined for what is not an option. */
  public long strikePrice() {
    return number(DefinitionField.STRIKE_PRICE);
  }

  /** Instrument id of the first underlying; 0 if none. */
  public long underlyingId() {
    return number(DefinitionField.UNDERLYING_ID);
  }

  /** The publisher's own id. */
  public long rawInstrumentId() {
    return number(DefinitionField.RAW_INSTRUMENT_ID);
  }

  /** A multiplier that is not the contract size on CME; 2^31-1 when undefined. */
  public int contractMultiplier() {
    return (int) number(DefinitionField.CONTRACT_MULTIPLIER);
  }

  /** Year of maturity; 65535 if none. */
  public int maturityYear() {
    return (int) number(DefinitionField.MATURITY_YEAR);
  }

  /** Month of maturity; 255 if none. */
  public int maturityMonth() {
    return (int) number(DefinitionField.MATURITY_MONTH);
  }

  /** Day of maturity; 255 if none. */
  public int maturityDay() {
    return (int) number(DefinitionField.MATURITY_DAY);
  }

  /** Week of maturity; 255 if none. */
  public int maturityWeek() {
    return (int) number(DefinitionField.MATURITY_WEEK);
  }

  /** Number of legs; 0 for a single instrument. */
  public int legCount() {
    return (int) number(DefinitionField.LEG_COUNT);
  }

  /** Which leg this record describes, from 0. */
  public int legIndex() {
    return (int) number(DefinitionField.LEG_INDEX);
  }

  /** The venue's symbol. */
  public String rawSymbol() {
    return text(DefinitionField.RAW_SYMBOL);
  }

  /** Product root; for an option the option's own root. */
  public String asset() {
    return text(DefinitionField.ASSET);
  }

  /** Symbol of the first underlying; empty for futures. */
  public String underlying() {
    return text(DefinitionField.UNDERLYING);
  }

  /** The venue, such as {@code XCME}. */
  public String exchange() {
    return text(DefinitionField.EXCHANGE);
  }

  /** The venue's product group. */
  public String group() {
    return text(DefinitionField.GROUP);
  }

  /** Currency of the price. */
  public String currency() {
    return text(DefinitionField.CURRENCY);
  }

  /** F future, C call, P put, S future spread, T option spread and others. */
  public char instrumentClass() {
    return (char) number(DefinitionField.INSTRUMENT_CLASS);
  }

  /** A added, M modified, D deleted. */
  public char securityUpdateAction() {
    return (char) number(DefinitionField.SECURITY_UPDATE_ACTION);
  }

  byte[] reserved() {
    return reserved;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DefinitionRecord that
        && header.equals(that.header)
        && Arrays.equals(numbers, that.numbers)
        && Arrays.equals(texts, that.texts)
        && Arrays.equals(reserved, that.reserved);
  }

  @Override
  public int hashCode() {
    return List.of(
            header, Arrays.hashCode(numbers), Arrays.hashCode(texts), Arrays.hashCode(reserved))
        .hashCode();
  }

  @Override
  public String toString() {
    return "DefinitionRecord[header=" + header + ", rawSymbol=" + rawSymbol() + "]";
  }

  /** Builds a {@link DefinitionRecord}. */
  public static final class Builder {
    private RecordHeader header;
    private final long[] numbers = DefinitionDefaults.numbers();
    private final String[] texts = DefinitionDefaults.texts();
    private byte[] reserved = NO_BYTES;

    private Builder(RecordHeader header) {
      this.header = header;
    }

    /** Replaces the header. */
    public Builder header(RecordHeader value) {
      header = value;
      return this;
    }

    /**
     * Sets a number, or a single character by its code.
     *
     * @throws IllegalArgumentException if the field is text
     */
    public Builder set(DefinitionField field, long value) {
      if (field.isText()) {
        throw new IllegalArgumentException(field + " is text, not the number " + value);
      }
      numbers[field.slot()] = value;
      return this;
    }

    /**
     * Sets a text. Its length is checked when it is written, since it differs by version.
     *
     * @throws IllegalArgumentException if the field is a number
     */
    public Builder set(DefinitionField field, String value) {
      if (!field.isText()) {
        throw new IllegalArgumentException(field + " is a number, not the text '" + value + "'");
      }
      texts[field.slot()] = value;
      return this;
    }

    /** Sets the reserved bytes of the layout that the record was read from. */
    Builder reserved(byte[] value) {
      reserved = value;
      return this;
    }

    /** The record. The builder can go on being used. */
    public DefinitionRecord build() {
      return new DefinitionRecord(header, numbers.clone(), texts.clone(), reserved);
    }
  }
}
