package dev.backfill.io.dbn;

/**
 * The symbol of an instrument, in live streams.
 *
 * @param stypeIn symbology of the request; {@link SType#MIXED} in version 1, which does not tell
 * @param stypeInSymbol the requested symbol
 * @param stypeOut symbology of the answer; {@link SType#MIXED} in version 1
 * @param stypeOutSymbol the symbol it stands for
 * @param startTs from when, UTC ns, inclusive
 * @param endTs until when, UTC ns, exclusive
 */
public record SymbolMappingRecord(
    RecordHeader header,
    SType stypeIn,
    String stypeInSymbol,
    SType stypeOut,
    String stypeOutSymbol,
    long startTs,
    long endTs)
    implements DbnRecord {}
