package dev.backfill.schemas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The name of a unit of work: a hash of what is asked, so that the same request has the same id in
 * every run and on every machine.
 */
public final class ChunkId {
  private ChunkId() {}

  /**
   * Sixteen hex digits of SHA-256 over source, dataset, schema, stype, symbols and range.
   *
   * @param startNs UTC nanoseconds, inclusive
   * @param endNs UTC nanoseconds, exclusive
   */
  public static String of(
      String source,
      String dataset,
      String schema,
      String stypeIn,
      List<String> symbols,
      long startNs,
      long endNs) {
    String asked =
        String.join(
            "\n",
            source,
            dataset,
            schema,
            stypeIn,
            String.join(",", symbols),
            startNs + "/" + endNs);
    return hash(asked).substring(0, 16);
  }

  /** SHA-256 of a text in UTF-8, lower-case hex. */
  public static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
