package dev.backfill.emulator.market;

import org.jspecify.annotations.Nullable;

/**
 * One stream of bars: a contract, or the contracts that a continuous symbol shows day by day, as
 * one publisher reports them.
 *
 * @param trading where it trades, with its prices
 * @param contract the contract; null for a continuous series
 * @param rule the roll rule c, n or v; 0 for a contract
 * @param rank the rank behind the rule
 * @param publisher index into the dataset's publishers; 0 is the venue itself
 */
record Series(Trading trading, @Nullable Contract contract, char rule, int rank, int publisher) {

  static Series of(Trading trading, Contract contract, int publisher) {
    return new Series(trading, contract, '\0', 0, publisher);
  }

  static Series continuous(ProductMarket trading, char rule, int rank, int publisher) {
    return new Series(trading, null, rule, rank, publisher);
  }

  @Nullable Contract on(int epochDay) {
    if (contract != null) {
      return contract.livesOn(epochDay) ? contract : null;
    }
    return trading instanceof ProductMarket futures
        ? futures.chain().continuous(rule, rank, epochDay)
        : null;
  }
}
