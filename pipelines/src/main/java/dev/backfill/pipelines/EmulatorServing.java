package dev.backfill.pipelines;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
import dev.backfill.emulator.http.FaultSpec;
import dev.backfill.schemas.Times;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.Objects;

/** Serves the emulator in the foreground. */
final class EmulatorServing {
  /** One part in so many of Java's heap is for the market's bars, and so much at most. */
  private static final long BARS_SHARE = 5;

  private static final long MOST_BARS = 128L << 20;

  private EmulatorServing() {}

  /** Serves until the thread is interrupted or the process is told to end. */
  static int serve(EmulatorSettings settings, Console console) {
    EmulatorServer server = start(settings);
    Thread onExit = new Thread(server::close, "stop-emulator");
    Runtime.getRuntime().addShutdownHook(onExit);
    boolean interrupted = false;
    try {
      announce(server, console);
      server.join();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    server.close(); // before the interrupt is passed on: it would break off the stop
    if (interrupted) {
      Runtime.getRuntime().removeShutdownHook(onExit);
      Thread.currentThread().interrupt();
    }
    return ExitCodes.OK;
  }

  private static EmulatorServer start(EmulatorSettings settings) {
    try {
      return EmulatorServer.start(config(settings));
    } catch (UncheckedIOException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new UsageException(
          "The emulator "
              + cause.getMessage()
              + (cause instanceof BindException
                  ? "; choose another port with --port, or --port 0 for any free one"
                  : ""),
          e);
    }
  }

  private static EmulatorConfig config(EmulatorSettings settings) {
    EmulatorConfig.Builder config =
        EmulatorConfig.builder()
            .port(settings.port())
            .tls(settings.tls())
            .seed(settings.seed())
            .dbnVersion(settings.dbnVersion())
            .latency(settings.latency())
            .gatewayLimit(settings.gatewayLimit())
            .bytesPerSecond(settings.bytesPerSecond())
            .cacheBytes(Math.min(MOST_BARS, Runtime.getRuntime().maxMemory() / BARS_SHARE))
            .answerCacheBytes(settings.answerCacheBytes());
    settings.nowNs().ifPresent(ns -> config.clock(EmulatorClock.fixed(Times.instant(ns))));
    settings.faults().stream().map(EmulatorServing::fault).forEach(config::fault);
    if (!settings.datasets().isEmpty()) {
      String[] datasets = settings.datasets().toArray(new String[0]);
      config.key(EmulatorConfig.DEFAULT_KEY, KeyRights.of(datasets));
    }
    return config.build();
  }

  private static Fault fault(String text) {
    try {
      return FaultSpec.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--fault " + text + ": " + e.getMessage());
    }
  }

  private static void announce(EmulatorServer server, Console console) {
    String ca = server.caFile().map(Object::toString).orElse("");
    if (console.json()) {
      ObjectNode facts = new ObjectMapper().createObjectNode();
      facts.put("url", server.url());
      facts.put("api_key", EmulatorConfig.DEFAULT_KEY);
      facts.put("fred_api_key", EmulatorConfig.DEFAULT_FRED_KEY);
      facts.put("ca_file", ca.isEmpty() ? null : ca);
      console.result(facts.toString());
      return;
    }
    console.result("url      " + server.url());
    console.result("key      " + EmulatorConfig.DEFAULT_KEY);
    if (!ca.isEmpty()) {
      console.result("ca file  " + ca);
    }
    console.note("");
    console.note("In another window:");
    console.note("  export DATABENTO_API_KEY=" + EmulatorConfig.DEFAULT_KEY);
    console.note(
        "  ./backfill run daily-futures --db emulated.duckdb --landing emulated-landing --api-url "
            + server.url()
            + (ca.isEmpty() ? "" : " --ca-file " + ca));
    console.note(
        "It serves FRED too: export FRED_API_KEY="
            + EmulatorConfig.DEFAULT_FRED_KEY
            + ", and run fred");
    console.note("Ctrl-C ends it.");
  }
}
