package dev.backfill.emulator.market;

/** A symbol that cannot be asked for. */
public final class SymbolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The form does not fit the symbology. */
    FORM,
    /** A parent under which nothing is listed in the range. */
    PARENT
  }

  private final Reason reason;
  private final String symbol;

  SymbolException(Reason reason, String symbol, String message) {
    super(message);
    this.reason = reason;
    this.symbol = symbol;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The symbol as asked for. */
  public String symbol() {
    return symbol;
  }
}
