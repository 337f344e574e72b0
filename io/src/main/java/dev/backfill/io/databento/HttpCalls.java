package dev.backfill.io.databento;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import dev.backfill.io.databento.HistoricalClient.Sending;
import dev.backfill.io.http.HttpChannel;
import dev.backfill.io.http.RetryAfter;
import dev.backfill.io.http.Sleeper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one request, once, within the limits of the process, and hands back a good answer or throws
 * what the service or the connection did instead. Safe for use by several threads.
 */
final class HttpCalls {
  private static final Logger LOG = LoggerFactory.getLogger(HttpCalls.class);

  // Enough of a gateway's page or an error to be understood.
  private static final int MAX_ERROR_BYTES = 64 * 1024;
  // What the official clients assume when a 429 does not say.
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

  private static final Sending NOBODY = () -> {};

  private final ApiKey key;
  private final HttpChannel channel;
  private final OriginLimits limits;
  private final Sleeper sleeper;
  private final Clock clock;

  HttpCalls(ApiKey key, HttpChannel channel, OriginLimits limits, Sleeper sleeper, Clock clock) {
    this.key = key;
    this.channel = channel;
    this.limits = limits;
    this.sleeper = sleeper;
    this.clock = clock;
  }

  /** A GET without the key. */
  HttpAnswer getAnonymously(String what, String path) throws IOException {
    return send(
        what, OriginLimits.Family.METADATA, channel.requests().buildGetRequest(url(path)), NOBODY);
  }

  /** A GET with the fields in the query. */
  HttpAnswer get(String what, OriginLimits.Family family, String path, FormFields fields)
      throws IOException {
    HttpRequest request = channel.requests().buildGetRequest(url(path + "?" + fields.encoded()));
    return send(what, family, signed(request, "application/json"), NOBODY);
  }

  /** A POST of the fields as a form. */
  HttpAnswer post(
      String what, OriginLimits.Family family, String path, FormFields fields, String accept)
      throws IOException {
    return post(what, family, path, fields, accept, NOBODY);
  }

  /** A POST of the fields as a form, whose turn is told. */
  HttpAnswer post(
      String what,
      OriginLimits.Family family,
      String path,
      FormFields fields,
      String accept,
      Sending sending)
      throws IOException {
    byte[] form = fields.encoded().getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        channel
            .requests()
            .buildPostRequest(
                url(path), new ByteArrayContent("application/x-www-form-urlencoded", form));
    return send(what, family, signed(request, accept), sending);
  }

  void close() throws IOException {
    channel.close();
  }

  private GenericUrl url(String path) {
    return new GenericUrl(channel.url() + path, true);
  }

  private HttpRequest signed(HttpRequest request, String accept) {
    request.getHeaders().setAuthorization(key.authorization()).setAccept(accept);
    return request;
  }

  private HttpAnswer send(
      String what, OriginLimits.Family family, HttpRequest request, Sending sending)
      throws IOException {
    limits.acquire(family, sleeper, clock);
    boolean handedOver = false;
    try {
      sending.now();
      HttpAnswer answer = answer(what, request);
      handedOver = true;
      return answer;
    } finally {
      if (!handedOver) {
        limits.release();
      }
    }
  }

  private HttpAnswer answer(String what, HttpRequest request) throws IOException {
    HttpResponse response = channel.send(what, request);
    int status = response.getStatusCode();
    // 206 means that some symbols did not resolve; the warnings say so.
    if (status != 200 && status != 206) {
      throw refusal(what, response);
    }
    InputStream content = content(response);
    HttpHeaders headers = response.getHeaders();
    return new HttpAnswer(
        channel.body(what, content),
        AnswerHeaders.requestId(headers),
        AnswerHeaders.warnings(headers, key),
        content,
        limits::release);
  }

  private static InputStream content(HttpResponse response) throws IOException {
    InputStream content = response.getContent();
    return content == null ? InputStream.nullInputStream() : content;
  }

  private DatabentoApiException refusal(String what, HttpResponse response) {
    int status = response.getStatusCode();
    HttpHeaders headers = response.getHeaders();
    Duration wait = RetryAfter.of(headers, clock.instant());
    if (status == 429) {
      wait = wait == null ? DEFAULT_RETRY_AFTER : wait;
      limits.pause(wait, clock);
    }
    return DatabentoApiException.of(
        what, status, AnswerHeaders.requestId(headers), wait, key.scrub(errorBody(response)));
  }

  /** As much of the body as comes: the status alone decides, the words are for people. */
  private static String errorBody(HttpResponse response) {
    byte[] buffer = new byte[MAX_ERROR_BYTES];
    int length = 0;
    try {
      InputStream body = content(response);
      try {
        int read = 0;
        while (read >= 0 && length < buffer.length) {
          length += read;
          read = body.read(buffer, length, buffer.length - length);
        }
      } finally {
        // Does nothing to a connection whose answer was read to its end.
        HttpAnswer.abandon(body);
      }
    } catch (IOException e) {
      LOG.debug("The body of HTTP {} broke: {}", response.getStatusCode(), e.toString());
    }
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }
}
