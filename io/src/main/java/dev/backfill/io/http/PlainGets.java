package dev.backfill.io.http;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponse;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * GETs whose answers are read whole. Knows no key and no limits, tries once, and never names the
 * query of what it asks. Thread-safe.
 */
public final class PlainGets implements Closeable {
  /** A whole answer, whatever its status. */
  public static final class Reply {
    private final int status;
    private final @Nullable Duration retryAfter;
    private final @Nullable String emulator;
    private final byte[] body;

    Reply(int status, @Nullable Duration retryAfter, @Nullable String emulator, byte[] body) {
      this.status = status;
      this.retryAfter = retryAfter;
      this.emulator = emulator;
      this.body = body;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** The least wait that the service asks for. */
    public @Nullable Duration retryAfter() {
      return retryAfter;
    }

    /** The {@code X-Emulator} header; null for a service that is none. */
    public @Nullable String emulator() {
      return emulator;
    }

    /** The bytes as they were sent; the caller's. */
    public byte[] body() {
      return body;
    }
  }

  private final HttpChannel channel;
  private final Clock clock;

  private PlainGets(HttpChannel channel, Clock clock) {
    this.channel = channel;
    this.clock = clock;
  }

  /**
   * Reads the CA file and the proxies of the environment; sends nothing.
   *
   * @throws ApiSettingsException if one of them is wrong
   */
  public static PlainGets connect(
      HttpOptions options, Clock clock, UnaryOperator<@Nullable String> environment) {
    return new PlainGets(HttpChannel.open(options, environment), clock);
  }

  /** Scheme, host, and port where it is not the scheme's own. */
  public String origin() {
    return channel.origin();
  }

  /**
   * Asks once and reads the answer to its end.
   *
   * @param what for messages
   * @param pathAndQuery begins with a slash
   * @throws ServiceConnectionException if no whole answer came
   */
  public Reply get(String what, String pathAndQuery) throws IOException {
    GenericUrl url = new GenericUrl(channel.url() + pathAndQuery, true);
    HttpResponse response = channel.send(what, channel.requests().buildGetRequest(url));
    HttpHeaders headers = response.getHeaders();
    InputStream content = response.getContent();
    byte[] body = new byte[0];
    if (content != null) {
      try (BodyStream in = channel.body(what, content)) {
        body = in.readAllBytes();
      }
    }
    return new Reply(
        response.getStatusCode(),
        RetryAfter.of(headers, clock.instant()),
        headers.getFirstHeaderStringValue("x-emulator"),
        body);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
