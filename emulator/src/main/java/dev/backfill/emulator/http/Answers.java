package dev.backfill.emulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Small answers: JSON, error pages, and the answer that is a broken connection. */
final class Answers {
  static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  static void json(Response response, Callback callback, int status, JsonNode body) {
    try {
      write(response, callback, status, "application/json", JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      callback.failed(e);
    }
  }

  /** What a gateway says: HTML, whatever was asked for. */
  static void html(Response response, Callback callback, int status) {
    String reason =
        switch (status) {
          case 429 -> "Too Many Requests";
          case 500 -> "Internal Server Error";
          case 502 -> "Bad Gateway";
          case 503 -> "Service Temporarily Unavailable";
          case 504 -> "Gateway Time-out";
          default -> "Error";
        };
    String title = status + " " + reason;
    String page =
        "<html>\r\n<head><title>"
            + title
            + "</title></head>\r\n<body>\r\n<center><h1>"
            + title
            + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    write(response, callback, status, "text/html", page.getBytes(StandardCharsets.US_ASCII));
  }

  private static void write(
      Response response, Callback callback, int status, String type, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  static void error(Response response, Callback callback, ApiException e) {
    e.headers().forEach(response.getHeaders()::put);
    json(response, callback, e.status(), e.body());
  }

  /** Breaks the connection so that the client sees a reset. */
  static void reset(Request request, Callback callback) throws IOException {
    EndPoint end = request.getConnectionMetaData().getConnection().getEndPoint();
    while (end instanceof EndPoint.Wrapper wrapper) {
      end = wrapper.unwrap();
    }
    if (end.getTransport() instanceof SocketChannel channel) {
      channel.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }
    // What Jetty still wants to send goes nowhere; a failure would be logged as the server's own.
    callback.succeeded();
  }
}
