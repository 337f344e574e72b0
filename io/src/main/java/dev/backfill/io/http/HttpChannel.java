package dev.backfill.io.http;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one service: its connections, through a proxy where the environment names one, and
 * words for what breaks on them. Sends each request exactly once, whatever its answer. Thread-safe.
 */
public final class HttpChannel implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpChannel.class);

  private final HttpOptions options;
  private final HttpTransport transport;
  private final HttpRequestFactory requests;
  private final ConnectionFailures failures;

  private HttpChannel(HttpOptions options, @Nullable ProxySettings proxy) {
    this.options = options;
    this.transport = Transports.of(options, proxy);
    this.requests = Transports.requests(transport, options);
    this.failures = new ConnectionFailures(options, proxy);
  }

  /**
   * Reads the CA file and the proxies of the environment; sends nothing.
   *
   * @throws ApiSettingsException if one of them is wrong
   */
  public static HttpChannel open(HttpOptions options, UnaryOperator<@Nullable String> environment) {
    ProxySettings proxy = ProxySettings.of(options.uri(), environment);
    if (options.sendsKeyInTheClear()) {
      LOG.warn("{} is not https: the API key travels unencrypted", options.url());
    }
    if (proxy != null) {
      LOG.info("Asking {} through the proxy {}", options.url(), proxy);
    }
    return new HttpChannel(options, proxy);
  }

  /** Scheme, host, and port where it is not the scheme's own. */
  public String origin() {
    return options.origin();
  }

  /** The service, without a slash at its end. */
  public String url() {
    return options.url();
  }

  /** Makes requests within the options' time limits, which are never logged. */
  public HttpRequestFactory requests() {
    return requests;
  }

  /**
   * Sends a request, once.
   *
   * @param what for messages
   * @return the answer, whatever its status
   * @throws ServiceConnectionException if none began
   */
  public HttpResponse send(String what, HttpRequest request) throws IOException {
    try {
      return request.execute();
    } catch (IOException e) {
      throw failures.beforeAnswer(what, e);
    }
  }

  /**
   * An answer's body as it was sent, which throws {@link ServiceConnectionException} where it
   * breaks.
   *
   * @param content the answer's stream
   */
  public BodyStream body(String what, InputStream content) {
    return new BodyStream(content, what, failures);
  }

  /**
   * Whether a request that failed without an answer has surely not reached the service: there was
   * no connection to send it over.
   */
  public static boolean neverSent(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof ConnectTimeoutException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException
          || cause instanceof SSLHandshakeException
          || cause instanceof SSLPeerUnverifiedException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    transport.shutdown();
  }
}
