package dev.backfill.io.databento;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GETs of another service than Databento over the same transport: the same proxies, certificates,
 * time limits, and words for what breaks. Knows no key and no limits, tries once, and never names
 * the query of what it asks. Thread-safe.
 */
public final class PlainGets implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PlainGets.class);

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

  private final ApiOptions options;
  private final HttpTransport transport;
  private final HttpRequestFactory requests;
  private final ConnectionFailures failures;
  private final Clock clock;

  private PlainGets(ApiOptions options, @Nullable ProxySettings proxy, Clock clock) {
    this.options = options;
    this.transport = Transports.of(options, proxy);
    this.requests = Transports.requests(transport, options);
    this.failures = new ConnectionFailures(options, proxy);
    this.clock = clock;
  }

  /**
   * Reads the CA file and the proxies of the environment; sends nothing. The options' key is not
   * read.
   *
   * @throws ApiSettingsException if one of them is wrong
   */
  public static PlainGets connect(
      ApiOptions options, Clock clock, UnaryOperator<@Nullable String> environment) {
    ProxySettings proxy = ProxySettings.of(options.uri(), environment);
    if (options.sendsKeyInTheClear()) {
      LOG.warn("{} is not https: the API key travels unencrypted", options.url());
    }
    return new PlainGets(options, proxy, clock);
  }

  /** Scheme, host, and port where it is not the scheme's own. */
  public String origin() {
    return options.origin();
  }

  /**
   * Asks once and reads the answer to its end.
   *
   * @param what for messages
   * @param pathAndQuery begins with a slash
   * @throws DatabentoConnectionException if no whole answer came
   */
  public Reply get(String what, String pathAndQuery) throws IOException {
    HttpResponse response;
    try {
      response =
          requests.buildGetRequest(new GenericUrl(options.url() + pathAndQuery, true)).execute();
    } catch (IOException e) {
      throw failures.beforeAnswer(what, e);
    }
    HttpHeaders headers = response.getHeaders();
    InputStream content = response.getContent();
    byte[] body = new byte[0];
    if (content != null) {
      try (BodyStream in = new BodyStream(content, what, failures)) {
        body = in.readAllBytes();
      }
    }
    return new Reply(
        response.getStatusCode(),
        AnswerHeaders.retryAfter(headers, clock.instant()),
        headers.getFirstHeaderStringValue("x-emulator"),
        body);
  }

  @Override
  public void close() throws IOException {
    transport.shutdown();
  }
}
