package dev.backfill.io.dbn;

/**
 * One record as a value. Each version is decoded by its own layout into the same types; what a
 * version does not have is given as the undefined value of the field.
 */
public sealed interface DbnRecord
    permits OhlcvRecord,
        DefinitionRecord,
        StatisticsRecord,
        StatusRecord,
        SymbolMappingRecord,
        ErrorRecord,
        SystemRecord,
        UnknownRecord {

  /** Type, publisher, instrument and time. */
  RecordHeader header();
}
