package dev.backfill.io.http;

import java.io.IOException;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Puts one request on the wire: its own timeout until the answer begins, another between bytes, and
 * the proxy's credentials sent at once, so that no challenge causes a second request.
 */
final class WireExecutor extends HttpRequestExecutor {
  private final int firstByteMs;
  private final int idleMs;
  private final @Nullable ProxySettings proxy;

  WireExecutor(HttpOptions options, @Nullable ProxySettings proxy) {
    this.firstByteMs = Math.toIntExact(options.firstByteTimeout().toMillis());
    this.idleMs = Math.toIntExact(options.idleTimeout().toMillis());
    this.proxy = proxy;
  }

  @Override
  protected @Nullable HttpResponse doSendRequest(
      HttpRequest request, HttpClientConnection connection, HttpContext context)
      throws IOException, HttpException {
    if (proxy != null && proxy.authorization() != null && isForProxy(request)) {
      request.setHeader("Proxy-Authorization", proxy.authorization());
    }
    return super.doSendRequest(request, connection, context);
  }

  @Override
  protected HttpResponse doReceiveResponse(
      HttpRequest request, HttpClientConnection connection, HttpContext context)
      throws IOException, HttpException {
    connection.setSocketTimeout(firstByteMs);
    HttpResponse response = super.doReceiveResponse(request, connection, context);
    connection.setSocketTimeout(idleMs);
    refuseAsProxy(request, response.getStatusLine().getStatusCode());
    return response;
  }

  /** What the proxy says must not be taken for a word of the service. */
  private void refuseAsProxy(HttpRequest request, int status) throws IOException {
    boolean refused = isConnect(request) ? status / 100 != 2 : status == 407;
    if (proxy == null || !refused) {
      return;
    }
    String message = "the proxy " + proxy + " refused the connection with HTTP " + status;
    if (status == 407) {
      throw ServiceConnectionException.lasting(
          message + ": check user and password in HTTPS_PROXY or HTTP_PROXY", null);
    }
    throw status >= 500 || status == 429
        ? ServiceConnectionException.passing(message, null)
        : ServiceConnectionException.lasting(
            message + ": check HTTPS_PROXY, HTTP_PROXY and NO_PROXY", null);
  }

  private static boolean isForProxy(HttpRequest request) {
    // Absolute form is how a plain request is put to a proxy; inside a tunnel it is only the path.
    return isConnect(request) || request.getRequestLine().getUri().startsWith("http://");
  }

  private static boolean isConnect(HttpRequest request) {
    return "CONNECT".equals(request.getRequestLine().getMethod());
  }
}
