package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backfill plan}. */
@Command(
    name = "plan",
    description = {
      "Say what a run would fetch: chunks, records, bytes, dollars. Spends nothing.",
      "Without --db nothing counts as loaded."
    })
final class PlanCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Mixin private JobArgs job = new JobArgs();
  @Mixin private PlaceArgs place = new PlaceArgs();
  @Mixin private SpendArgs spend = new SpendArgs();
  @Mixin private RunnerArgs runner = new RunnerArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  PlanCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<RunOptions> parts = job.read().stream().map(this::options).toList();
    return actions.plan(parts, output.console(streams));
  }

  private RunOptions options(Job part) {
    return new RunOptions(
        part,
        place.database().file(),
        place.landing().place(),
        place.service().api(part),
        place.service().fred(part),
        runner.options(List.of()),
        spend.limits(),
        true,
        place.database().storageVersion(),
        Duration.ZERO);
  }
}
