package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill load}. */
@Command(
    name = "load",
    description = {
      "Load what is in the landing and not in the database: the second half of a run.",
      "Asks nothing of the service and needs no key. It rebuilds a lost database for nothing."
    })
final class LoadCommand implements Callable<Integer> {
  private static final String RUN_ID = "\\d{8}T\\d{6}-[0-9a-f]{4}";

  private final Actions actions;
  private final Streams streams;
  private final List<String> beamArgs;

  @Mixin private JobArgs job = new JobArgs();
  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private LandingArgs landing = new LandingArgs();

  @Option(
      names = "--as-of",
      paramLabel = "RUN",
      description =
          "Load the answers as they were after this run, instead of the newest, also in place of"
              + " what is loaded.")
  private @Nullable String asOf;

  @Mixin private WaitArgs wait = new WaitArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  LoadCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  @Override
  public Integer call() throws IOException {
    if (asOf != null && !asOf.matches(RUN_ID)) {
      throw new UsageException(
          "--as-of is the id of a run, like 20251216T103000-1a2b, not "
              + asOf
              + "; ops.backfill_runs and the sidecars in the landing name them");
    }
    List<RunOptions> parts = job.read().stream().map(this::options).toList();
    return actions.load(parts, Optional.ofNullable(asOf), output.console(streams));
  }

  private RunOptions options(Job part) {
    return new RunOptions(
        part,
        Optional.of(database.requiredFile("load")),
        landing.place(),
        ApiOptions.of(ApiOptions.DEFAULT_URL, ApiKeySource.environment()),
        RunnerOptions.direct(OptionalInt.empty(), beamArgs),
        SpendLimits.USUAL,
        false,
        database.storageVersion(),
        wait.time());
  }
}
