package dev.backfill.pipelines;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill run}. */
@Command(
    name = "run",
    description = {
      "Fetch what the job wants and the database does not have, and load it.",
      "Running it again fetches nothing. Beam's own options may follow after --."
    })
final class RunCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;
  private final List<String> beamArgs;

  @Mixin private JobArgs job = new JobArgs();
  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private LandingArgs landing = new LandingArgs();
  @Mixin private ServiceArgs service = new ServiceArgs();

  @Mixin private SpendArgs spend = new SpendArgs();

  @Option(names = "--dry-run", description = "Stop after the plan: fetch nothing, write nothing.")
  private boolean dryRun;

  @Mixin private WaitArgs wait = new WaitArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  RunCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  @Override
  public Integer call() throws IOException {
    RunOptions options =
        new RunOptions(
            job.read(),
            Optional.of(database.requiredFile("run")),
            landing.folder(),
            service.api(),
            service.parallelism(),
            spend.limits(),
            dryRun,
            database.storageVersion(),
            wait.time(),
            beamArgs);
    return actions.run(options, output.console(streams));
  }
}
