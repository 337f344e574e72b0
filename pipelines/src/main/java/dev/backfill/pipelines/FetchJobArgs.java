package dev.backfill.pipelines;

import picocli.CommandLine.Mixin;

/** What a command takes that fetches one job. */
final class FetchJobArgs {
  @Mixin private JobArgs job = new JobArgs();
  @Mixin private FetchArgs fetch = new FetchArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  JobArgs job() {
    return job;
  }

  FetchArgs fetch() {
    return fetch;
  }

  Console console(Streams streams) {
    return output.console(streams);
  }
}
