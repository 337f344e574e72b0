package dev.backfill.io.http;

import java.nio.charset.StandardCharsets;

/** What the server of a test sends, byte for byte, and what it does after. */
public record Reply(byte[] bytes, After after) {
  /** What comes after the bytes. */
  public enum After {
    KEEP,
    CLOSE,
    RESET,
    STALL
  }

  /** HTTP 200. */
  public static Reply ok(String body) {
    return status(200, body);
  }

  /** A status with headers. */
  public static Reply status(int status, String body, String... headers) {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    text.append("Content-Length: ").append(length).append("\r\n\r\n").append(body);
    return raw(text.toString(), After.KEEP);
  }

  /** Headers that announce more than the body holds, then what is said. */
  public static Reply cut(String body, int announced, After after) {
    return raw("HTTP/1.1 200 OK\r\nContent-Length: " + announced + "\r\n\r\n" + body, after);
  }

  /** A chunked body whose last chunk is missing, then what is said. */
  public static Reply chunkedWithoutEnd(String body, After after) {
    return raw(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(body.length())
            + "\r\n"
            + body
            + "\r\n",
        after);
  }

  /** The bytes as they are. */
  public static Reply raw(String text, After after) {
    return new Reply(text.getBytes(StandardCharsets.UTF_8), after);
  }
}
