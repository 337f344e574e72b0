package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A plain HTTP client of an emulator, for tests. */
final class Probe {
  static final Map<String, String> DAYS =
      fields(
          "dataset", "GLBX.MDP3",
          "schema", "ohlcv-1d",
          "stype_in", "continuous",
          "symbols", "ES.v.0",
          "start", "2024-03-04",
          "end", "2024-03-07");

  private final String url;
  private final String key;
  private final HttpClient client;

  Probe(EmulatorServer server) {
    this(server, EmulatorConfig.DEFAULT_KEY, HttpClient.newHttpClient());
  }

  Probe(EmulatorServer server, String key, HttpClient client) {
    this.url = server.url();
    this.key = key;
    this.client = client;
  }

  static Map<String, String> fields(String... pairs) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return fields;
  }

  /** The fields with some changed; a null value takes a field out. */
  static Map<String, String> with(Map<String, String> base, String... pairs) {
    Map<String, String> changed = new LinkedHashMap<>(base);
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] == null) {
        changed.remove(pairs[i]);
      } else {
        changed.put(pairs[i], pairs[i + 1]);
      }
    }
    return changed;
  }

  private static String encode(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + path));
    if (!key.isEmpty()) {
      String basic =
          Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
      builder.header("Authorization", "Basic " + basic);
    }
    return builder;
  }

  HttpResponse<byte[]> post(String method, Map<String, String> fields) throws IOException {
    return send(
        request("/v0/" + method)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encode(fields))));
  }

  HttpResponse<byte[]> get(String method, Map<String, String> fields) throws IOException {
    return send(request("/v0/" + method + "?" + encode(fields)).GET());
  }

  HttpResponse<byte[]> raw(String verb, String path, String body) throws IOException {
    return send(request(path).method(verb, HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder builder) throws IOException {
    try {
      return client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return Answers.JSON.readTree(response.body());
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
