package dev.backfill.emulator.http;

/** A refusal in FRED's shape. */
final class FredException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  FredException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** 400, in FRED's words: with two spaces. */
  static FredException bad(String why) {
    return new FredException(400, "Bad Request.  " + why);
  }

  int status() {
    return status;
  }

  /** The body. */
  String json() {
    return Answers.JSON
        .createObjectNode()
        .put("error_code", status)
        .put("error_message", getMessage())
        .toString();
  }
}
