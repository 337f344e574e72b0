package dev.backfill.emulator;

import dev.backfill.emulator.fred.FredWorld;
import dev.backfill.emulator.http.ApiHandler;
import dev.backfill.emulator.http.BilledLedger;
import dev.backfill.emulator.http.Faults;
import dev.backfill.emulator.market.Market;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The emulator, serving on the loopback interface until it is closed. Thread-safe. */
public final class EmulatorServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final EmulatorConfig config;
  private final Server server;
  private final ServerConnector connector;
  private final Market market;
  private final FredWorld fred;
  private final Faults faults;
  private final BilledLedger ledger = new BilledLedger();
  private final @Nullable SelfSigned certificate;

  private EmulatorServer(EmulatorConfig config) {
    this.config = config;
    this.market = Market.of(config.seed(), config.cacheBytes(), config.withoutContinuous());
    this.fred = new FredWorld(config.seed(), config.clock());
    this.faults = new Faults(config.faultSeed());
    config.faults().forEach(faults::add);
    this.certificate = config.tls() ? SelfSigned.make() : null;
    QueuedThreadPool threads = new QueuedThreadPool(128, 4);
    threads.setName("emulator");
    threads.setDaemon(true);
    this.server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setOutputBufferSize(64 * 1024);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    this.connector =
        certificate == null
            ? new ServerConnector(server, 1, 1, plain)
            : new ServerConnector(
                server,
                1,
                1,
                new SslConnectionFactory(certificate.serverContext(), "http/1.1"),
                plain);
    connector.setHost(HOST);
    connector.setPort(config.port());
    connector.setIdleTimeout(300_000);
    server.addConnector(connector);
    server.setHandler(new ApiHandler(config, market, fred, faults, ledger));
    server.setStopTimeout(0);
  }

  /**
   * Starts serving.
   *
   * @throws UncheckedIOException when it cannot; its cause is a {@link BindException} when that is
   *     because of the port
   */
  public static EmulatorServer start(EmulatorConfig config) {
    EmulatorServer emulator = new EmulatorServer(config);
    try {
      emulator.server.start();
    } catch (Exception e) {
      emulator.close();
      throw new UncheckedIOException(failure(config, e));
    }
    return emulator;
  }

  /** Jetty wraps what binding a port throws. */
  static IOException failure(EmulatorConfig config, Exception e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketException) {
        BindException taken =
            new BindException(
                "cannot serve on " + HOST + ":" + config.port() + " (" + cause.getMessage() + ")");
        taken.initCause(e);
        return taken;
      }
    }
    return new IOException("cannot start: " + e, e);
  }

  /** The base URL, without a slash at its end. */
  public String url() {
    return (config.tls() ? "https://" : "http://") + HOST + ":" + port();
  }

  /** The port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** The certificate in PEM that clients must trust; empty without TLS. */
  public Optional<Path> caFile() {
    return Optional.ofNullable(certificate).map(SelfSigned::pem);
  }

  /** The market behind it, to compute what must come out. */
  public Market market() {
    return market;
  }

  /** The economic series behind it, to compute what must come out. */
  public FredWorld fred() {
    return fred;
  }

  /** The faults, to be switched while it serves. */
  public Faults faults() {
    return faults;
  }

  /** What was billed so far. */
  public BilledLedger ledger() {
    return ledger;
  }

  /** The emulator's time, to be moved while it serves. */
  public EmulatorClock clock() {
    return config.clock();
  }

  /** Waits until the server is stopped. */
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the emulator does not stop", e);
    } finally {
      if (certificate != null) {
        certificate.delete();
      }
    }
  }
}
