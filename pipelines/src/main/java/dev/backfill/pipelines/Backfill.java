package dev.backfill.pipelines;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: {@code backfill COMMAND [JOB] [options] [-- Beam's options]}. */
@Command(
    name = "backfill",
    description =
        "Brings market history from Databento and series from FRED into DuckDB: what is missing.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionText.class,
    footer = {
      "",
      "Exit codes: 0 all that was wanted is loaded, 1 internal error, 2 usage or configuration,",
      "3 some chunks failed (run it again: it asks for just those), 4 validation found problems,",
      "5 refused: cost cap, missing rights, another API origin, or the database is in use.",
      "",
      "Begin with: backfill demo"
    })
public final class Backfill implements Runnable {
  private static final String END_OF_OPTIONS = "--";
  private static final Set<String> WITH_BEAM = Set.of("run", "rerun", "update", "land", "load");

  @Spec private CommandSpec spec = CommandSpec.create();

  private Backfill() {}

  /** Without a command: the help. */
  @Override
  public void run() {
    throw new UsageException(
        "Which command? One of "
            + String.join(", ", ParseErrors.commands(spec.commandLine()))
            + "; see backfill --help");
  }

  /**
   * Runs one command line and returns the exit code; never throws for what a user can do wrong.
   *
   * @param actions what the commands do
   */
  static int execute(Actions actions, Streams streams, String... args) {
    List<String> all = Arrays.asList(args);
    int split = all.indexOf(END_OF_OPTIONS);
    List<String> own = split < 0 ? all : all.subList(0, split);
    List<String> beam = split < 0 ? List.of() : all.subList(split + 1, all.size());
    boolean verbose = own.contains("--verbose") || own.contains("-v");
    if (verbose) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
      // Flink alone would say hundreds of lines.
      System.setProperty("org.slf4j.simpleLogger.log.org.apache.flink", "warn");
    }
    String first = own.isEmpty() ? "" : own.get(0);
    try {
      checkBeamArgs(own, beam);
      return commandLine(actions, streams, first, beam, verbose)
          .execute(own.toArray(new String[0]));
    } catch (UsageException e) {
      return Failures.report(e, streams.err(), verbose);
    }
  }

  private static CommandLine commandLine(
      Actions actions, Streams streams, String first, List<String> beam, boolean verbose) {
    CommandLine cli = new CommandLine(new Backfill());
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(actions, streams));
    commands.put("plan", () -> new PlanCommand(actions, streams));
    commands.put("run", () -> new RunCommand(actions, streams, beam));
    commands.put("rerun", () -> new RerunCommand(actions, streams, beam));
    commands.put("update", () -> new UpdateCommand(actions, streams, beam));
    commands.put("land", () -> new LandCommand(actions, streams, beam));
    commands.put("load", () -> new LoadCommand(actions, streams, beam));
    commands.put("import", () -> new ImportCommand(actions, streams));
    commands.put("forget", () -> new ForgetCommand(actions, streams));
    commands.put("repair", () -> new RepairCommand(actions, streams));
    commands.put("validate", () -> new ValidateCommand(actions, streams));
    commands.put("status", () -> new StatusCommand(actions, streams));
    commands.put("symbols", () -> new SymbolsCommand(actions, streams));
    commands.put("schedule", () -> new ScheduleCommand(streams));
    commands.put("emulator", () -> new EmulatorCommand(streams));
    commands.put("warm-up", () -> new WarmUpCommand(actions));
    // Reading a command's annotations takes longer than most of a start: only what is asked for.
    commands.keySet().retainAll(commands.containsKey(first) ? Set.of(first) : commands.keySet());
    commands.forEach((name, command) -> cli.addSubcommand(name, command.get()));
    HelpOption.addTo(cli);
    cli.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
    cli.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    cli.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    cli.setUsageHelpWidth(100);
    cli.setAbbreviatedOptionsAllowed(false);
    cli.setOverwrittenOptionsAllowed(false);
    cli.setParameterExceptionHandler(
        (e, args) -> Failures.report(ParseErrors.sentence(e), streams.err(), verbose));
    cli.setExecutionExceptionHandler(
        (e, command, parsed) -> Failures.report(e, streams.err(), verbose));
    return cli;
  }

  private static void checkBeamArgs(List<String> own, List<String> beam) {
    if (beam.isEmpty()) {
      return;
    }
    if (own.isEmpty() || !WITH_BEAM.contains(own.get(0))) {
      throw new UsageException(
          "Only "
              + String.join(", ", WITH_BEAM.stream().sorted().toList())
              + " take Beam's options after --");
    }
    for (String arg : beam) {
      if (!arg.startsWith("--")) {
        throw new UsageException(
            "After -- come Beam's options, each like --name=value, not " + arg);
      }
    }
  }
}
