package dev.backfill.pipelines;

import dev.backfill.schemas.JobTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill emulator}. */
@Command(
    name = "emulator",
    description = {
      "Serve an emulated Databento on 127.0.0.1 until Ctrl-C.",
      "Its prices are made up: a pure function of seed, product and time. A database filled",
      "from it takes no bought data.",
      "While it serves, /control/faults, /control/ledger, /control/clock, /control/revise and",
      "/control/reset steer it."
    })
final class EmulatorCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8085",
      description = "The port; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private String port = "";

  @Option(names = "--tls", description = "Serve HTTPS, with a certificate made for this run.")
  private boolean tls;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which market it is (default: ${DEFAULT-VALUE}).")
  private String seed = "";

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "What time it is there: a UTC date or time (default: the real time).")
  private @Nullable String now;

  @Option(
      names = "--dbn-version",
      paramLabel = "N",
      defaultValue = "3",
      description = "DBN version of its answers, 1 to 3 (default: ${DEFAULT-VALUE}).")
  private String dbnVersion = "";

  @Option(
      names = "--latency-ms",
      paramLabel = "MS",
      defaultValue = "0",
      description = "Milliseconds before each answer (default: ${DEFAULT-VALUE}).")
  private String latencyMs = "";

  @Option(
      names = "--gateway-limit",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Symbols x days x bars a day above which it answers 504, as the real one does at some"
              + " 3000000; 0 for none (default: ${DEFAULT-VALUE}).")
  private String gatewayLimit = "";

  @Option(
      names = "--bytes-per-second",
      paramLabel = "N",
      defaultValue = "0",
      description = "Speed of each data answer; 0 for full speed (default: ${DEFAULT-VALUE}).")
  private String bytesPerSecond = "";

  @Option(
      names = "--cache-mb",
      paramLabel = "MB",
      defaultValue = "64",
      description =
          "Memory for answers that are ready to be sent again (default: ${DEFAULT-VALUE}); larger"
              + " ones need a larger heap: BACKFILL_HEAP.")
  private String cacheMb = "";

  @Option(
      names = "--fault",
      paramLabel = "KIND[,name=value...]",
      description =
          "A fault, like status:status=504,times=3 or cut:at=1000 or stall:at=500,millis=60000;"
              + " may be given more than once.")
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--datasets",
      paramLabel = "LIST",
      split = ",",
      description = "Datasets that the key may have, with commas (default: GLBX.MDP3).")
  private List<String> datasets = new ArrayList<>();

  @Mixin private OutputArgs output = new OutputArgs();

  EmulatorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    int cache = (int) Limits.whole("--cache-mb", cacheMb, 0, 16_384, 64);
    long heapMb = Runtime.getRuntime().maxMemory() >> 20;
    if (cache > heapMb / 2) {
      throw new UsageException(
          "--cache-mb "
              + cache
              + " is more than half of Java's "
              + heapMb
              + " MB. Give it more by the environment: BACKFILL_HEAP="
              + (2L * cache + 400)
              + "m");
    }
    EmulatorSettings settings =
        new EmulatorSettings(
            (int) Limits.whole("--port", port, 0, 65_535, 8085),
            tls,
            Limits.whole("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE, 1),
            now == null ? OptionalLong.empty() : OptionalLong.of(instant(now)),
            (int) Limits.whole("--dbn-version", dbnVersion, 1, 3, 3),
            Duration.ofMillis(Limits.whole("--latency-ms", latencyMs, 0, 600_000, 200)),
            Limits.whole("--gateway-limit", gatewayLimit, 0, Long.MAX_VALUE, 3_000_000),
            Limits.whole("--bytes-per-second", bytesPerSecond, 0, Long.MAX_VALUE, 1_000_000),
            (long) cache << 20,
            faults,
            datasets);
    return EmulatorServing.serve(settings, output.console(streams));
  }

  private static long instant(String text) {
    try {
      if (JobTime.parse(text) instanceof JobTime.At at) {
        return at.nanos();
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(notATime(text), e);
    }
    throw new UsageException(notATime(text));
  }

  private static String notATime(String text) {
    return "--now is a date 2025-12-16 or a UTC time 2025-12-16T12:00:00Z, not " + text;
  }
}
