package dev.backfill.pipelines;

/**
 * The request is well formed and is refused all the same, before anything is spent or written: the
 * cost cap, another API origin, missing rights. Ends the process with {@link ExitCodes#REFUSED}.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the sentence that the user reads. */
  public RefusedException(String message) {
    super(message);
  }
}
