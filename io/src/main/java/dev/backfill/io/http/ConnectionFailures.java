package dev.backfill.io.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.conn.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence why no whole answer came, with the url and what to check. */
final class ConnectionFailures {
  private final HttpOptions options;
  private final String via;
  private final boolean viaProxy;

  ConnectionFailures(HttpOptions options, @Nullable ProxySettings proxy) {
    this.options = options;
    this.via = options.url() + (proxy == null ? "" : " (through the proxy " + proxy + ")");
    this.viaProxy = proxy != null;
  }

  /** The failure of a request whose answer had not begun. */
  IOException beforeAnswer(String what, IOException failure) {
    if (failure instanceof ServiceConnectionException known) {
      String message = what + ": " + known.getMessage();
      return known.isRetryable()
          ? ServiceConnectionException.passing(message, known)
          : ServiceConnectionException.lasting(message, known);
    }
    if (isInterrupt(failure)) {
      return failure;
    }
    if (failure instanceof SSLException && !RetryPolicy.isRetryable(failure)) {
      return ServiceConnectionException.lasting(
          what
              + ": the certificate of "
              + via
              + " is not trusted ("
              + reason(failure)
              + "). If it is signed by your own authority, name its PEM file with --ca-file",
          failure);
    }
    return ServiceConnectionException.passing(what + ": " + sentence(failure), failure);
  }

  /** The failure of a body that had begun. */
  IOException inBody(String what, long bytesRead, IOException failure) {
    if (isInterrupt(failure) || failure instanceof ServiceConnectionException) {
      return failure;
    }
    String how =
        failure instanceof SocketTimeoutException
            ? "no byte came for " + text(options.idleTimeout().toMillis())
            : "it ended early or broke (" + reason(failure) + ")";
    return ServiceConnectionException.passing(
        what + ": the body is not whole: " + how + " after " + bytesRead + " bytes", failure);
  }

  private String sentence(IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "the host of "
          + via
          + " is unknown. Check --api-url and the network"
          + (viaProxy ? ", and HTTPS_PROXY or HTTP_PROXY" : "");
    }
    if (failure instanceof ConnectTimeoutException) {
      return "no connection to "
          + via
          + " within "
          + text(options.connectTimeout().toMillis())
          + ". Check --api-url, the network and proxies";
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return "no connection to "
          + via
          + " ("
          + reason(failure)
          + "). Check --api-url and that the service runs there";
    }
    if (failure instanceof SocketTimeoutException) {
      return via + " sent no answer within " + text(options.firstByteTimeout().toMillis());
    }
    if (failure instanceof SSLException) {
      return "no TLS with " + via + " (" + reason(failure) + "). Is it https at all?";
    }
    if (failure instanceof ClientProtocolException) {
      return via + " did not answer in HTTP (" + reason(failure) + "). Check --api-url";
    }
    return "the connection to " + via + " broke before the answer (" + reason(failure) + ")";
  }

  /** A thread's interrupt, unlike a timeout, is nobody's failure and ends all attempts. */
  private static boolean isInterrupt(IOException failure) {
    return failure instanceof InterruptedIOException
        && !(failure instanceof SocketTimeoutException)
        && !(failure instanceof ConnectTimeoutException);
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
  }

  private static String text(long millis) {
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }
}
