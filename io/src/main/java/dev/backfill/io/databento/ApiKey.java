package dev.backfill.io.databento;

import dev.backfill.io.http.ApiSettingsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A key of the Databento API. Prints masked, has no way to be serialized, and gives its secret only
 * to the Authorization header of this package.
 */
public final class ApiKey {
  private static final int LENGTH = 32;
  private static final int SHOWN = 4;
  private final String secret;

  private ApiKey(String secret) {
    this.secret = secret;
  }

  /**
   * Checks the form of a key; white space around it is dropped.
   *
   * @param source where it was found, for the message
   * @throws ApiSettingsException if it is not 32 ASCII characters that start with {@code db-}; the
   *     message does not show it
   */
  public static ApiKey of(String text, String source) {
    String key = text.strip();
    if (key.isEmpty()) {
      throw new ApiSettingsException(
          "The API key in " + source + " is empty. Copy it from https://databento.com/portal/keys");
    }
    boolean printable = key.chars().allMatch(c -> c > ' ' && c < 127);
    if (key.length() != LENGTH || !key.startsWith("db-") || !printable) {
      throw new ApiSettingsException(
          "The API key in "
              + source
              + " must be "
              + LENGTH
              + " ASCII characters that start with db-; what is there has "
              + key.length()
              + " characters"
              + (key.startsWith("db-") ? "" : " and another start")
              + ". Copy it again from https://databento.com/portal/keys");
    }
    return new ApiKey(key);
  }

  /** The value of the Authorization header: the key as user name, no password. */
  String authorization() {
    return "Basic " + token();
  }

  /** The text without the key, plain or encoded, should somebody have echoed it. */
  String scrub(String text) {
    return text.replace(secret, toString()).replace(token(), toString());
  }

  private String token() {
    return Base64.getEncoder().encodeToString((secret + ":").getBytes(StandardCharsets.US_ASCII));
  }

  /** Masked: only the last characters, by which its owner can tell it from another. */
  @Override
  public String toString() {
    return "db-…" + secret.substring(LENGTH - SHOWN);
  }
}
