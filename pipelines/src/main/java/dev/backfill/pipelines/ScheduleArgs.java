package dev.backfill.pipelines;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands of a schedule say beside their job: where, how long they wait, how much. */
final class ScheduleArgs {
  @Option(names = "--db", paramLabel = "FILE", description = "The DuckDB file, or md:NAME.")
  private @Nullable String db;

  @Option(
      names = "--landing",
      paramLabel = "FOLDER",
      defaultValue = "landing/",
      description = "The folder of raw answers, or its URI (default: ${DEFAULT-VALUE}).")
  private String landing = "landing/";

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "15m",
      description =
          "How long a command waits while another has the database (default: ${DEFAULT-VALUE}), so"
              + " that those that start together all end well.")
  private String wait = "15m";

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "A file that will hold the API key, instead of the environment file's.")
  private @Nullable String apiKeyFile;

  @Option(
      names = "--max-month-usd",
      paramLabel = "DOLLARS",
      description = "Passed on: what all runs of a UTC month may spend together.")
  private @Nullable String maxMonthUsd;

  String db() {
    if (db == null) {
      throw new UsageException("schedule needs a database: add --db FILE, like --db my.duckdb");
    }
    return db;
  }

  String landing() {
    return landing;
  }

  @Nullable String apiKeyFile() {
    return apiKeyFile;
  }

  /** What stands behind the places. */
  List<String> words() {
    WaitArgs.parse(wait);
    List<String> words = new ArrayList<>(List.of("--wait", wait));
    if (apiKeyFile != null) {
      words.add("--api-key-file");
      words.add(Paths.parse("--api-key-file", apiKeyFile).toAbsolutePath().normalize().toString());
    }
    String month = maxMonthUsd;
    if (month != null) {
      SpendArgs.month(month);
      words.add("--max-month-usd");
      words.add(month);
    }
    words.add("--quiet");
    return words;
  }
}
