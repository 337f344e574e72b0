package dev.backfill.transforms;

import java.util.List;

/** Which contract an instrument id names, by date: the landed answer of symbology.resolve. */
@FunctionalInterface
public interface ContractNames {
  /** No names are known: contract columns stay NULL. */
  ContractNames NONE = id -> List.of();

  /**
   * The contract names of an instrument id, in the order of their days, without overlap.
   *
   * @param instrumentId Databento's id
   */
  List<Named> of(long instrumentId);

  /**
   * One name over some days.
   *
   * @param startDay UTC days since 1970, inclusive
   * @param endDay exclusive
   * @param contract the publisher's own symbol, for example ZLF6
   */
  record Named(int startDay, int endDay, String contract) {}
}
