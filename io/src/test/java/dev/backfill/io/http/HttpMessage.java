package dev.backfill.io.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it came over the wire; header names in lower case. */
public record HttpMessage(String method, String target, Map<String, String> headers, byte[] body) {

  /** Reads one; null where the other side closed instead. */
  public static @Nullable HttpMessage read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    String line = line(in);
    while (line != null && !line.isEmpty()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      line = line(in);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String[] parts = first.split(" ");
    return new HttpMessage(parts[0], parts[1], headers, in.readNBytes(length));
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int read = in.read(); read >= 0; read = in.read()) {
      if (read == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(read);
    }
    return null;
  }

  /** Without the query. */
  public String path() {
    return target.replaceFirst("\\?.*", "");
  }

  /** The fields of the form or of the query, decoded. */
  public Map<String, String> fields() {
    String encoded =
        method.equals("POST")
            ? new String(body, StandardCharsets.UTF_8)
            : target.substring(target.indexOf('?') + 1);
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : List.of(encoded.split("&"))) {
      String[] parts = field.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return fields;
  }
}
