package dev.backfill.emulator.market;

import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.RecordHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes the definitions of one instrument: one record, or for a spread one a leg. Not shared. */
final class DefinitionMaker {
  private static final double NANO = 1e-9;
  private static final long UNKNOWN_TIME = -1;
  private static final long SENDING_NS = 104_000;

  private final Contract contract;
  private final Life life;
  private final int publisher;
  private final boolean ice;
  private final List<DefinitionRecord.Builder> templates = new ArrayList<>();

  DefinitionMaker(Trading trading, Contract contract, Dataset dataset) {
    this.contract = contract;
    this.life = Life.of(trading, contract);
    this.publisher = dataset.publishers().get(0).id();
    this.ice = dataset == Dataset.IFUS;
    Product product = trading.product();
    if (trading instanceof OptionMarket options) {
      templates.add(option(options, options.chain().option(contract.index())));
    } else if (trading instanceof SpreadMarket spreads) {
      SpreadMarket.Spread spread = spreads.spread(contract.index());
      for (int leg = 0; leg < spread.legs().size(); leg++) {
        templates.add(spread(spreads, spread, leg));
      }
    } else {
      templates.add(common(Spec.of(product.root()), product.root(), product.tick(), 'F', "FUT"));
    }
  }

  Life life() {
    return life;
  }

  /** How many records a definition is: one where the version has no legs. */
  int size(boolean legs) {
    return legs ? templates.size() : 1;
  }

  /**
   * The definition as it is known at a time.
   *
   * @param action A, M or D
   * @param legs whether a spread comes once a leg, as in version 3
   */
  List<DefinitionRecord> at(long tsRecv, long happenedNs, char action, boolean legs) {
    RecordHeader header =
        new RecordHeader(
            RType.DEFINITION, publisher, contract.id(), ice ? 0 : happenedNs - SENDING_NS);
    List<DefinitionRecord> records = new ArrayList<>(templates.size());
    for (DefinitionRecord.Builder template : templates.subList(0, size(legs))) {
      template
          .header(header)
          .set(DefinitionField.TS_RECV, tsRecv)
          .set(DefinitionField.EXPIRATION, life.expirationAt(tsRecv))
          .set(DefinitionField.SECURITY_UPDATE_ACTION, action);
      records.add(template.build());
    }
    return records;
  }

  private DefinitionRecord.Builder common(
      Spec spec, String asset, long tick, char instrumentClass, String type) {
    DefinitionRecord.Builder b =
        DefinitionRecord.builder(new RecordHeader(RType.DEFINITION, publisher, contract.id(), 0));
    b.set(DefinitionField.MIN_PRICE_INCREMENT, tick)
        .set(DefinitionField.ACTIVATION, ice ? UNKNOWN_TIME : life.listedNs())
        .set(DefinitionField.UNIT_OF_MEASURE_QTY, spec.size())
        .set(DefinitionField.RAW_INSTRUMENT_ID, contract.id())
        .set(DefinitionField.MATURITY_YEAR, contract.month().getYear())
        .set(DefinitionField.MATURITY_MONTH, contract.month().getMonthValue())
        .set(DefinitionField.CURRENCY, spec.currency())
        .set(DefinitionField.RAW_SYMBOL, contract.rawSymbol())
        .set(DefinitionField.GROUP, ice ? "" : spec.group())
        .set(DefinitionField.EXCHANGE, spec.exchange())
        .set(DefinitionField.ASSET, asset)
        .set(DefinitionField.SECURITY_TYPE, type)
        .set(DefinitionField.UNIT_OF_MEASURE, spec.unit())
        .set(DefinitionField.INSTRUMENT_CLASS, instrumentClass)
        .set(DefinitionField.MATCH_ALGORITHM, 'F')
        .set(DefinitionField.USER_DEFINED_INSTRUMENT, 'N');
    Integer multiplier = spec.multiplier();
    if (multiplier != null) {
      b.set(DefinitionField.CONTRACT_MULTIPLIER, multiplier);
    }
    if (ice) {
      b.set(DefinitionField.MATURITY_DAY, contract.expiry().getDayOfMonth());
    } else {
      b.set(DefinitionField.SETTL_CURRENCY, spec.currency())
          .set(DefinitionField.CFI, cfi(instrumentClass));
    }
    Long factor = spec.factor();
    if (factor != null) {
      // A price in cents has the factor twice: once for the cents, once as it is shown.
      double amount = tick * (spec.size() * NANO) * (factor * NANO) * (factor * NANO);
      b.set(DefinitionField.DISPLAY_FACTOR, factor)
          .set(DefinitionField.MIN_PRICE_INCREMENT_AMOUNT, Math.round(amount));
    }
    return b;
  }

  private static String cfi(char instrumentClass) {
    return switch (instrumentClass) {
      case 'C' -> "OCAFPS";
      case 'P' -> "OPAFPS";
      case 'S' -> "FMIXSX";
      default -> "FFIXSX";
    };
  }

  private DefinitionRecord.Builder option(OptionMarket market, Option option) {
    Spec spec = Spec.of(market.spec().future());
    DefinitionRecord.Builder b =
        common(spec, market.spec().root(), market.spec().tick(), option.call() ? 'C' : 'P', "OOF");
    b.set(DefinitionField.STRIKE_PRICE, option.strike())
        .set(DefinitionField.STRIKE_PRICE_CURRENCY, spec.currency())
        .set(DefinitionField.UNDERLYING, option.underlying().rawSymbol())
        .set(DefinitionField.UNDERLYING_ID, option.underlying().id());
    if (spec.unit().equals("IPNT") && spec.exchange().equals("XCME")) {
      // Options on equity indices have variable ticks.
      b.set(DefinitionField.MIN_PRICE_INCREMENT, Long.MAX_VALUE);
    }
    return b;
  }

  private DefinitionRecord.Builder spread(
      SpreadMarket market, SpreadMarket.Spread spread, int index) {
    String root = market.futures().product().root();
    Contract leg = Objects.requireNonNull(spread.legs().get(index));
    return common(Spec.of(root), root, market.product().tick(), 'S', "FUT")
        .set(DefinitionField.SECSUBTYPE, spread.legs().size() == 3 ? "BF" : "SP")
        .set(DefinitionField.LEG_COUNT, spread.legs().size())
        .set(DefinitionField.LEG_INDEX, index)
        .set(DefinitionField.LEG_INSTRUMENT_ID, leg.id())
        .set(DefinitionField.LEG_RAW_SYMBOL, leg.rawSymbol())
        .set(DefinitionField.LEG_INSTRUMENT_CLASS, 'F')
        .set(DefinitionField.LEG_SIDE, spread.bought(index) ? 'B' : 'A')
        .set(DefinitionField.LEG_RATIO_QTY_NUMERATOR, spread.ratio(index))
        .set(DefinitionField.LEG_RATIO_QTY_DENOMINATOR, 1);
  }
}
