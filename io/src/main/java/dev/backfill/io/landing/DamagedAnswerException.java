package dev.backfill.io.landing;

import java.io.IOException;

/** A landed file is no longer what was landed: its bytes have changed, or some are missing. */
public final class DamagedAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Says it.
   *
   * @param file path or URI
   * @param why without a stop at the end
   */
  public DamagedAnswerException(String file, String why) {
    super("The landed file " + file + " is damaged: " + why);
  }
}
