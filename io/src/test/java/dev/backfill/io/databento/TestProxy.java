package dev.backfill.io.databento;

import dev.backfill.io.http.HttpMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A small forward proxy on plain sockets: CONNECT and absolute form, one request a connection. */
final class TestProxy implements AutoCloseable {
  private final ServerSocket socket;
  private final @Nullable String refusal;
  private final List<HttpMessage> requests = new CopyOnWriteArrayList<>();

  private TestProxy(ServerSocket socket, @Nullable String refusal) {
    this.socket = socket;
    this.refusal = refusal;
    thread(this::accept);
  }

  static TestProxy start() throws IOException {
    return refusing(null);
  }

  /** A proxy that answers every request with this status line. */
  static TestProxy refusing(@Nullable String status) throws IOException {
    return new TestProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), status);
  }

  String hostAndPort() {
    return "localhost:" + socket.getLocalPort();
  }

  List<HttpMessage> requests() {
    return requests;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        thread(() -> serve(client));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      HttpMessage request = HttpMessage.read(client.getInputStream());
      if (request == null) {
        return;
      }
      requests.add(request);
      if (refusal != null) {
        send(client, "HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      boolean tunnel = request.method().equals("CONNECT");
      URI target = URI.create(tunnel ? "https://" + request.target() : request.target());
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
        if (tunnel) {
          send(client, "HTTP/1.1 200 Connection established\r\n\r\n");
          thread(() -> copy(client, server));
        } else {
          forward(request, target, server);
        }
        copy(server, client);
      }
    } catch (IOException e) {
      // One of the two went away.
    }
  }

  private static void forward(HttpMessage request, URI target, Socket server) throws IOException {
    StringBuilder head =
        new StringBuilder(request.method() + " " + target.getRawPath() + " HTTP/1.1\r\n");
    request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    send(server, head + "\r\n");
    server.getOutputStream().write(request.body());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // One of the two went away.
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
