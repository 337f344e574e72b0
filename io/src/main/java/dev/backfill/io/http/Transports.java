package dev.backfill.io.http;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.auth.AuthOption;
import org.apache.http.auth.AuthScheme;
import org.apache.http.client.AuthenticationStrategy;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes the transport below the client. It sends each request exactly once: no retries, no
 * redirects, no answers to challenges, no cookies, no decompression.
 */
final class Transports {
  /** More than any service allows: each client keeps to its own limit. */
  private static final int CONNECTIONS = 128;

  private static final int CHECK_AFTER_IDLE_MS = 500;
  private static final int LIFE_SECONDS = 60;

  private Transports() {}

  static HttpTransport of(HttpOptions options, @Nullable ProxySettings proxy) {
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setConnectionManager(connections(options))
            .setRequestExecutor(new WireExecutor(options, proxy))
            .setTargetAuthenticationStrategy(new NoSecondTry())
            .setProxyAuthenticationStrategy(new NoSecondTry())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableAuthCaching()
            .disableCookieManagement()
            .disableContentCompression();
    if (proxy != null) {
      builder.setProxy(new HttpHost(proxy.host().replaceAll("[\\[\\]]", ""), proxy.port()));
    }
    return new ApacheHttpTransport(builder.build());
  }

  /** Makes requests that are sent once, within the options' time limits, and never logged. */
  static HttpRequestFactory requests(HttpTransport transport, HttpOptions options) {
    return transport.createRequestFactory(request -> configure(request, options));
  }

  private static void configure(HttpRequest request, HttpOptions options) {
    request
        .setConnectTimeout(Math.toIntExact(options.connectTimeout().toMillis()))
        .setReadTimeout(Math.toIntExact(options.firstByteTimeout().toMillis()))
        .setNumberOfRetries(0)
        .setFollowRedirects(false)
        .setThrowExceptionOnExecuteError(false)
        .setResponseReturnRawInputStream(true)
        .setSuppressUserAgentSuffix(true)
        // These logs would show headers, forms and queries.
        .setLoggingEnabled(false)
        .setCurlLoggingEnabled(false);
    request.getHeaders().setUserAgent(options.userAgent()).setAcceptEncoding(null);
  }

  private static PoolingHttpClientConnectionManager connections(HttpOptions options) {
    URI url = options.uri();
    RegistryBuilder<ConnectionSocketFactory> schemes =
        RegistryBuilder.<ConnectionSocketFactory>create()
            .register("http", PlainConnectionSocketFactory.getSocketFactory());
    if (url.getScheme().equals("https")) {
      schemes.register(
          "https", new SSLConnectionSocketFactory(TrustedCertificates.context(options.caFile())));
    }
    PoolingHttpClientConnectionManager pool =
        new PoolingHttpClientConnectionManager(
            schemes.build(), null, null, null, LIFE_SECONDS, TimeUnit.SECONDS);
    pool.setMaxTotal(CONNECTIONS);
    pool.setDefaultMaxPerRoute(CONNECTIONS);
    // The far end closes idle connections; to find that out by a request would cost an attempt.
    pool.setValidateAfterInactivity(CHECK_AFTER_IDLE_MS);
    // Holds for what comes before the request: a proxy's CONNECT and the TLS handshake behind it.
    pool.setDefaultSocketConfig(
        SocketConfig.custom()
            .setSoTimeout(Math.toIntExact(options.firstByteTimeout().toMillis()))
            .setTcpNoDelay(true)
            .build());
    return pool;
  }

  /** A challenge is an answer like others: credentials were sent with the request. */
  private static final class NoSecondTry implements AuthenticationStrategy {
    @Override
    public boolean isAuthenticationRequested(
        HttpHost host, HttpResponse response, HttpContext context) {
      return false;
    }

    @Override
    public Map<String, Header> getChallenges(
        HttpHost host, HttpResponse response, HttpContext context) {
      return Map.of();
    }

    @Override
    public Queue<AuthOption> select(
        Map<String, Header> challenges, HttpHost host, HttpResponse response, HttpContext context) {
      return new ArrayDeque<>();
    }

    @Override
    public void authSucceeded(HttpHost host, AuthScheme scheme, HttpContext context) {}

    @Override
    public void authFailed(HttpHost host, AuthScheme scheme, HttpContext context) {}
  }
}
