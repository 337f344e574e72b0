package dev.backfill.io.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A loopback server that remembers what it was asked and answers from a script, in order. */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket socket;
  private final String scheme;
  private final ConcurrentLinkedQueue<Reply> script = new ConcurrentLinkedQueue<>();
  private final List<HttpMessage> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger connections = new AtomicInteger();

  private ScriptedServer(ServerSocket socket, String scheme) {
    this.socket = socket;
    this.scheme = scheme;
    Thread acceptor = new Thread(this::accept, "scripted-server");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** A server with a script. */
  public static ScriptedServer start(Reply... replies) throws IOException {
    return start("http", ServerSocketFactory.getDefault(), replies);
  }

  public static ScriptedServer start(String scheme, ServerSocketFactory sockets, Reply... replies)
      throws IOException {
    ServerSocket socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    ScriptedServer server = new ScriptedServer(socket, scheme);
    server.then(replies);
    return server;
  }

  /** More of it. */
  public void then(Reply... replies) {
    script.addAll(List.of(replies));
  }

  /** Where it listens. */
  public String url() {
    return scheme + "://localhost:" + port();
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** What it was asked. */
  public List<HttpMessage> requests() {
    return requests;
  }

  public HttpMessage request() {
    if (requests.size() != 1) {
      throw new AssertionError("expected one request, got " + requests.size());
    }
    return requests.get(0);
  }

  public int connections() {
    return connections.get();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        open.add(connection);
        Thread thread = new Thread(() -> serve(connection), "scripted-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      HttpMessage request = HttpMessage.read(connection.getInputStream());
      while (request != null) {
        requests.add(request);
        Reply reply = script.poll();
        if (reply == null) {
          reply = Reply.status(599, "the script of this test has ended");
        }
        connection.getOutputStream().write(reply.bytes());
        connection.getOutputStream().flush();
        switch (reply.after()) {
          case KEEP -> request = HttpMessage.read(connection.getInputStream());
          case CLOSE -> request = null;
          case RESET -> {
            connection.setSoLinger(true, 0);
            request = null;
          }
          case STALL -> {
            closing.await();
            request = null;
          }
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client went away, or the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    socket.close();
    for (Socket connection : open) {
      connection.close();
    }
  }
}
