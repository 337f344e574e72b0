package dev.backfill.pipelines.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines for a person's crontab. Immutable.
 *
 * @param entries the jobs
 * @param secrets what the commands find in their environment
 * @param environment a file of lines {@code NAME=value} with those
 * @param javaHome which Java
 * @param mailTo who hears of a job that did not end well
 * @param logs the folder of what the jobs say
 */
public record Crontab(
    List<Entry> entries,
    Secrets secrets,
    String environment,
    String javaHome,
    String mailTo,
    String logs) {
  /** The lines. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# For `crontab -e` of the user whose database it is; printing them installs nothing.");
    lines.add(
        "# The cron of Debian and Ubuntu does not know CRON_TZ: there the machine's own time zone"
            + " must be UTC, or see --format systemd.");
    lines.add("CRON_TZ=UTC");
    lines.add("# A mail comes only of a job that did not end well; what it says is in its log.");
    lines.add("MAILTO=" + mailTo);
    lines.add("# The Java that printed this; cron knows no PATH of yours.");
    lines.add("JAVA_HOME=" + javaHome);
    if (!secrets.isEmpty()) {
      lines.add(
          "# The file "
              + environment
              + " must say "
              + secrets.lines()
              + ", and only you may read it (chmod 600).");
    }
    for (Entry entry : entries) {
      lines.add("# " + entry.name() + ": " + entry.when().words() + ".");
      lines.add(entry.when().cron() + " " + escaped(command(entry)));
    }
    return String.join("\n", lines);
  }

  private String command(Entry entry) {
    String log = quoted(logs + "/" + entry.unit() + ".log");
    String words = entry.command().stream().map(Crontab::quoted).collect(Collectors.joining(" "));
    return (secrets.isEmpty() ? "" : "set -a; . " + quoted(environment) + "; set +a; ")
        + words
        + " >>"
        + log
        + " 2>&1 || echo \"backfill update of "
        + entry.unit().substring("backfill-".length())
        + " ended with exit code $?, see\" "
        + log;
  }

  /** A word for the shell. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** To cron, a percent sign ends the line. */
  private static String escaped(String command) {
    return command.replace("%", "\\%");
  }
}
