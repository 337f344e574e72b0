package dev.backfill.io.dbn;

import java.util.List;

/**
 * What a DBN stream says about itself before its first record.
 *
 * @param version 1, 2 or 3
 * @param dataset code of the dataset: {@code GLBX.MDP3}
 * @param schema kind of the records
 * @param stypeIn symbology of the request
 * @param stypeOut symbology of the mapped symbols
 * @param startNs start of the requested range in UTC ns, inclusive
 * @param endNs its end, exclusive; {@link #UNDEFINED_NS} when not set
 * @param limit most records that were asked for; 0 means no limit
 * @param tsOut whether each record is followed by the time it was sent
 * @param symbolCstrLen bytes of a symbol in the metadata, its NUL included
 * @param symbols the symbols as requested
 * @param partial those that resolved on some days of the range but not on all
 * @param notFound those that resolved on no day
 * @param mappings what each requested symbol stood for; empty when all symbols were asked for
 */
public record DbnMetadata(
    int version,
    String dataset,
    DbnSchema schema,
    SType stypeIn,
    SType stypeOut,
    long startNs,
    long endNs,
    long limit,
    boolean tsOut,
    int symbolCstrLen,
    List<String> symbols,
    List<String> partial,
    List<String> notFound,
    List<SymbolMapping> mappings) {

  /** The time that is not set: 2^64-1, as a signed number. */
  public static final long UNDEFINED_NS = -1;

  /** The price, and any 64-bit quantity, that is not set: 2^63-1. */
  public static final long UNDEFINED = Long.MAX_VALUE;

  /** Newest version that is read and written. */
  public static final int NEWEST_VERSION = 3;

  /** Copies the lists and refuses versions that are not known. */
  public DbnMetadata {
    if (version < 1 || version > NEWEST_VERSION) {
      throw new IllegalArgumentException("DBN version " + version + " is not in 1 to 3");
    }
    if (symbolCstrLen < 1 || symbolCstrLen > 0xFFFF) {
      throw new IllegalArgumentException(
          "symbol length " + symbolCstrLen + " is not in 1 to 65535");
    }
    if (version == 1 && symbolCstrLen != 22) {
      throw new IllegalArgumentException(
          "symbol length " + symbolCstrLen + "; it is always 22 in version 1");
    }
    symbols = List.copyOf(symbols);
    partial = List.copyOf(partial);
    notFound = List.copyOf(notFound);
    mappings = List.copyOf(mappings);
  }

  /** Bytes of a symbol, its NUL included, that the official writers use in this version. */
  public static int usualSymbolCstrLen(int version) {
    return version == 1 ? 22 : 71;
  }

  /** A builder for this version with nothing set: mixed schema, no symbols, no end, no limit. */
  public static Builder builder(int version) {
    return new Builder(version);
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(version)
        .dataset(dataset)
        .schema(schema)
        .stypeIn(stypeIn)
        .stypeOut(stypeOut)
        .startNs(startNs)
        .endNs(endNs)
        .limit(limit)
        .tsOut(tsOut)
        .symbolCstrLen(symbolCstrLen)
        .symbols(symbols)
        .partial(partial)
        .notFound(notFound)
        .mappings(mappings);
  }

  /** Builds a {@link DbnMetadata}; see there for what each value means. */
  public static final class Builder {
    private int version;
    private String dataset = "";
    private DbnSchema schema = DbnSchema.MIXED;
    private SType stypeIn = SType.RAW_SYMBOL;
    private SType stypeOut = SType.INSTRUMENT_ID;
    private long startNs;
    private long endNs = UNDEFINED_NS;
    private long limit;
    private boolean tsOut;
    private int symbolCstrLen;
    private List<String> symbols = List.of();
    private List<String> partial = List.of();
    private List<String> notFound = List.of();
    private List<SymbolMapping> mappings = List.of();

    private Builder(int version) {
      version(version);
    }

    /** Sets the version, and the symbol length to what is usual in it. */
    public final Builder version(int value) {
      version = value;
      symbolCstrLen = usualSymbolCstrLen(value);
      return this;
    }

    /** Sets the dataset. */
    public Builder dataset(String value) {
      dataset = value;
      return this;
    }

    /** Sets the schema. */
    public Builder schema(DbnSchema value) {
      schema = value;
      return this;
    }

    /** Sets the symbology of the request. */
    public Builder stypeIn(SType value) {
      stypeIn = value;
      return this;
    }

    /** Sets the symbology of the answer. */
    public Builder stypeOut(SType value) {
      stypeOut = value;
      return this;
    }

    /** Sets the start in UTC ns, inclusive. */
    public Builder startNs(long value) {
      startNs = value;
      return this;
    }

    /** Sets the end in UTC ns, exclusive. */
    public Builder endNs(long value) {
      endNs = value;
      return this;
    }

    /** Sets the limit of records; 0 for none. */
    public Builder limit(long value) {
      limit = value;
      return this;
    }

    /** Sets whether records carry the time they were sent. */
    public Builder tsOut(boolean value) {
      tsOut = value;
      return this;
    }

    /** Sets the bytes of a symbol. */
    public Builder symbolCstrLen(int value) {
      symbolCstrLen = value;
      return this;
    }

    /** Sets the requested symbols. */
    public Builder symbols(List<String> value) {
      symbols = value;
      return this;
    }

    /** Sets the symbols that resolved on some days. */
    public Builder partial(List<String> value) {
      partial = value;
      return this;
    }

    /** Sets the symbols that resolved on no day. */
    public Builder notFound(List<String> value) {
      notFound = value;
      return this;
    }

    /** Sets the mappings. */
    public Builder mappings(List<SymbolMapping> value) {
      mappings = value;
      return this;
    }

    /** The metadata; refuses an unknown version. */
    public DbnMetadata build() {
      return new DbnMetadata(
          version,
          dataset,
          schema,
          stypeIn,
          stypeOut,
          startNs,
          endNs,
          limit,
          tsOut,
          symbolCstrLen,
          symbols,
          partial,
          notFound,
          mappings);
    }
  }
}
