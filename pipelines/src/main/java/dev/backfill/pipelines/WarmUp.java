package dev.backfill.pipelines;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One small run of every command, against an emulator in this process. */
final class WarmUp {
  private final Actions actions;
  private final Path folder;
  private final @Nullable String runner;
  private final Streams streams;

  private WarmUp(Actions actions, Path folder, @Nullable String runner) {
    this.actions = actions;
    this.folder = folder;
    this.runner = runner;
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    this.streams = new Streams(nowhere, System.err, false, 0);
  }

  /**
   * Runs them.
   *
   * @param folder an existing folder for the files that they make
   * @param runner what runs say for {@code --runner}; null for nothing
   * @return 0, or the first exit code that is not
   */
  static int in(Path folder, @Nullable String runner, Actions actions) throws IOException {
    EmulatorConfig config =
        EmulatorConfig.builder()
            .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T00:00:00Z")))
            .build();
    Path key = Files.writeString(folder.resolve("key"), EmulatorConfig.DEFAULT_KEY);
    try (EmulatorServer server = EmulatorServer.start(config)) {
      return new WarmUp(actions, folder, runner).commands(server.url(), key);
    }
  }

  private int commands(String url, Path key) {
    List<String> job =
        List.of(
            "daily-futures",
            "--symbols=ZL,ZS",
            "--from=2025-11-01",
            "--db=" + folder.resolve("warm-up.duckdb"),
            "--landing=" + folder.resolve("landing"),
            "--api-url=" + url,
            "--api-key-file=" + key);
    List<String> run = new ArrayList<>(job);
    if (runner != null) {
      run.add("--runner=" + runner);
    }
    int code = execute("plan", job);
    code = code == 0 ? execute("run", run) : code;
    code = code == 0 ? execute("run", run) : code;
    return code == 0 ? execute("status", job.subList(3, 4)) : code;
  }

  private int execute(String command, List<String> options) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(options);
    return Backfill.execute(actions, streams, args.toArray(new String[0]));
  }
}
