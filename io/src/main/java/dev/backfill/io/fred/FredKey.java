package dev.backfill.io.fred;

import dev.backfill.io.http.ApiSettingsException;
import java.util.regex.Pattern;

/**
 * A key of FRED's API. Prints masked, has no way to be serialized, and gives its secret only to the
 * query of this package's requests, which is the only place where the service takes it.
 */
public final class FredKey {
  private static final Pattern FORM = Pattern.compile("[0-9a-z]{32}");
  private static final String WHERE =
      "https://fred.stlouisfed.org/docs/api/api_key.html, where a key costs nothing";
  private final String secret;

  private FredKey(String secret) {
    this.secret = secret;
  }

  /**
   * Checks the form of a key; white space around it is dropped.
   *
   * @param source where it was found, for the message
   * @throws ApiSettingsException if it is not 32 lower-case letters and digits; the message does
   *     not show it
   */
  public static FredKey of(String text, String source) {
    String key = text.strip();
    if (!FORM.matcher(key).matches()) {
      throw new ApiSettingsException(
          "The FRED API key in "
              + source
              + " must be 32 lower-case letters and digits; what is there has "
              + key.length()
              + " characters. See "
              + WHERE);
    }
    return new FredKey(key);
  }

  /** The field of the query. */
  String query() {
    return "api_key=" + secret;
  }

  /** The text without the key, should somebody have echoed it. */
  String scrub(String text) {
    return text.replace(secret, toString());
  }

  /** Whether a failure, or what caused it, would print the key. */
  boolean isIn(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.toString().contains(secret)) {
        return true;
      }
    }
    return false;
  }

  /** Masked: only the last characters, by which its owner can tell it from another. */
  @Override
  public String toString() {
    return "…" + secret.substring(secret.length() - 4);
  }
}
