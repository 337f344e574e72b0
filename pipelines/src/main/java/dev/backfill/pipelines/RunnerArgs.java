package dev.backfill.pipelines;

import dev.backfill.pipelines.RunnerOptions.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which runner carries the steps out, and how much it does at once. */
final class RunnerArgs {
  /** What the service lets one key have open at once. */
  private static final int MOST_SLOTS = 100;

  private static final int MOST_PORT = 65_535;

  @Option(
      names = "--runner",
      paramLabel = "NAME",
      description = "Where the steps run: direct (in this process, the default) or flink.")
  private String runner = "direct";

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description =
          "On the direct runner requests at one time, 1 to "
              + MOST_SLOTS
              + " (default "
              + RunnerOptions.REQUESTS
              + "); on Flink workers (default 1, or the slots of the cluster).")
  private @Nullable String parallelism;

  @Option(
      names = "--requests-per-worker",
      paramLabel = "N",
      description =
          "On Flink requests at one time of each worker (default " + RunnerOptions.REQUESTS + ").")
  private @Nullable String requestsPerWorker;

  @Option(
      names = "--flink-master",
      paramLabel = "HOST:PORT",
      description =
          "Land on this Flink cluster, by its REST address; needs --runner flink and a --landing"
              + " that the cluster's workers see.")
  private @Nullable String flinkMaster;

  /** The runner, if what was given goes together. */
  RunnerOptions options(List<String> beamArgs) {
    Kind kind = kind();
    if (kind == Kind.DIRECT) {
      requireFlink("--requests-per-worker", requestsPerWorker);
      requireFlink("--flink-master", flinkMaster);
    }
    OptionalInt requested = number("--requests-per-worker", requestsPerWorker);
    int requests = requested.orElse(RunnerOptions.REQUESTS);
    RunnerOptions options =
        new RunnerOptions(
            kind,
            number("--parallelism", parallelism),
            requests,
            Optional.ofNullable(flinkMaster).map(RunnerArgs::master),
            beamArgs);
    if (options.slots() > MOST_SLOTS) {
      throw new UsageException(
          "--parallelism "
              + options.workers()
              + " with --requests-per-worker "
              + requests
              + " is "
              + options.slots()
              + " requests at one time; the service allows one key "
              + MOST_SLOTS
              + " at most, so lower one of them");
    }
    return options;
  }

  private static OptionalInt number(String option, @Nullable String given) {
    return given == null
        ? OptionalInt.empty()
        : OptionalInt.of((int) Limits.whole(option, given, 1, MOST_SLOTS, 8));
  }

  private Kind kind() {
    return switch (runner.toLowerCase(Locale.ROOT)) {
      case "direct" -> Kind.DIRECT;
      case "flink" -> Kind.FLINK;
      default -> throw new UsageException("--runner is direct or flink, not " + runner);
    };
  }

  private static void requireFlink(String option, @Nullable Object given) {
    if (given != null) {
      throw new UsageException(option + " belongs to --runner flink; add that, or leave it out");
    }
  }

  private static String master(String given) {
    if (!isAddress(given)) {
      throw new UsageException(
          "--flink-master is the host and port of the cluster's REST address, like"
              + " flink.example.com:8081, not "
              + given);
    }
    return given;
  }

  /** As the client of the REST interface reads it, which knows hosts that no pattern tells. */
  private static boolean isAddress(String given) {
    try {
      URI uri = new URI("http://" + given);
      return uri.getHost() != null
          && given.equals(uri.getHost() + ":" + uri.getPort())
          && uri.getPort() >= 1
          && uri.getPort() <= MOST_PORT;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
