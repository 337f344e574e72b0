package dev.backfill.schemas;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One requested symbol of one dataset and schema: {@code GLBX.MDP3 ohlcv-1h ZL.v.0}. Coverage is
 * said of a series. Immutable.
 *
 * @param source databento or fred
 * @param dataset for example GLBX.MDP3; FRED
 * @param schema for example ohlcv-1h
 * @param stypeIn how the symbol is to be read: continuous, parent, raw_symbol, instrument_id; of
 *     FRED series_id
 * @param symbol as requested
 */
public record Series(String source, String dataset, String schema, String stypeIn, String symbol) {
  private static final Pattern CONTINUOUS = Pattern.compile("([A-Z0-9]+)\\.([cnv])\\.(\\d+)");
  private static final Pattern FRED_ID = Pattern.compile("[A-Z0-9_]{1,64}");
  private static final Pattern PARENT = Pattern.compile("([A-Z0-9]+)\\.(FUT|OPT|SPOT)");

  /**
   * What stands in the table's own symbol column: the root for {@code ROOT.v.0}, always, and the
   * whole requested symbol for every other form. Empty for a parent, whose rows carry the contract
   * there and the parent in parent_symbol.
   */
  public Optional<String> tableSymbol() {
    if (isParent()) {
      return Optional.empty();
    }
    Matcher m = CONTINUOUS.matcher(symbol);
    boolean byVolumeFirst =
        stypeIn.equals("continuous")
            && m.matches()
            && m.group(2).equals("v")
            && m.group(3).equals("0");
    return Optional.of(byVolumeFirst ? m.group(1) : symbol);
  }

  /** Whether a parent was asked for: its rows are found by parent_symbol. */
  public boolean isParent() {
    return stypeIn.equals("parent");
  }

  /** The same series under another name. */
  public Series withSymbol(String other) {
    return new Series(source, dataset, schema, stypeIn, other);
  }

  /**
   * Checks that a symbol has the form that its stype asks for.
   *
   * @return what is wrong with it and what the form is, empty when it is right
   */
  public static Optional<String> formProblem(String stypeIn, String symbol) {
    return switch (stypeIn) {
      case "continuous" ->
          CONTINUOUS.matcher(symbol).matches()
              ? Optional.empty()
              : Optional.of(
                  "a continuous symbol is ROOT.rule.rank with rule c, n or v, like ZL.v.0");
      case "parent" ->
          PARENT.matcher(symbol).matches()
              ? Optional.empty()
              : Optional.of("a parent symbol is ROOT.FUT, ROOT.OPT or ROOT.SPOT, like ZL.FUT");
      case "instrument_id" ->
          symbol.matches("\\d{1,10}")
              ? Optional.empty()
              : Optional.of("an instrument id is a number, like 17077");
      case "raw_symbol" ->
          symbol.isBlank() || symbol.indexOf(',') >= 0
              ? Optional.of("a raw symbol is the publisher's own name, like ZLF6, without a comma")
              : Optional.empty();
      case Fred.STYPE ->
          FRED_ID.matcher(symbol).matches()
              ? Optional.empty()
              : Optional.of("a FRED series id is capitals, digits and _, like DGS10");
      default -> Optional.of("stype_in is one of continuous, parent, raw_symbol, instrument_id");
    };
  }

  @Override
  public String toString() {
    return dataset + " " + schema + " " + symbol;
  }
}
