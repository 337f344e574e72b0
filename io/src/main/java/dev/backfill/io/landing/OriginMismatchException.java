package dev.backfill.io.landing;

/**
 * The landing holds answers of one service and would now get those of another. Made-up prices never
 * mix with bought ones.
 */
public final class OriginMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String landed;
  private final String asked;

  OriginMismatchException(String root, String source, String landed, String asked) {
    super(
        "The landing "
            + root
            + " holds answers of "
            + source
            + " from "
            + landed
            + ", and this run asks "
            + asked
            + "; give a landing of its own with --landing, or the --api-url that filled this one");
    this.landed = landed;
    this.asked = asked;
  }

  /** The origin that filled the landing. */
  public String landed() {
    return landed;
  }

  /** The origin that was about to be asked. */
  public String asked() {
    return asked;
  }
}
