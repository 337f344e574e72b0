package dev.backfill.pipelines.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A service and a timer for each job, one after the other, each under the path that it belongs to.
 * Immutable.
 *
 * @param entries the jobs
 * @param secrets what the commands find in their environment
 * @param environment a file of lines {@code NAME=value} with those
 * @param javaHome which Java
 * @param user who runs them
 */
public record SystemdUnits(
    List<Entry> entries, Secrets secrets, String environment, String javaHome, String user) {
  /** What stands before the path of each file. */
  static final String FILE = "# /etc/systemd/system/";

  /** The units. */
  public String text() {
    List<String> files = new ArrayList<>();
    for (Entry entry : entries) {
      files.add(service(entry));
      files.add(timer(entry));
    }
    return String.join("\n\n", files);
  }

  private String service(Entry entry) {
    List<String> lines = new ArrayList<>();
    lines.add(FILE + entry.unit() + ".service");
    lines.add("[Unit]");
    lines.add("Description=backfill update " + specifiers(entry.name()));
    lines.add("Wants=network-online.target");
    lines.add("After=network-online.target");
    lines.add("");
    lines.add("[Service]");
    lines.add("# It ends by itself; a start while it runs is none.");
    lines.add("Type=oneshot");
    lines.add("User=" + user);
    lines.add("Environment=" + quoted(specifiers("JAVA_HOME=" + javaHome)));
    if (!secrets.isEmpty()) {
      lines.add("# Must say " + secrets.lines() + "; readable by root alone.");
      lines.add("EnvironmentFile=" + specifiers(environment));
    }
    lines.add("# What it says is in the journal: journalctl -u " + entry.unit());
    lines.add(
        "ExecStart="
            + entry.command().stream()
                .map(word -> quoted(specifiers(word).replace("$", "$$")))
                .collect(Collectors.joining(" ")));
    return String.join("\n", lines);
  }

  private String timer(Entry entry) {
    return String.join(
        "\n",
        FILE + entry.unit() + ".timer",
        "[Unit]",
        "Description=backfill update " + specifiers(entry.name()) + ", from time to time",
        "",
        "[Timer]",
        "# " + entry.name() + ": " + entry.when().words() + ".",
        "OnCalendar=" + entry.when().calendar(),
        "# After a time in which the machine was off it starts at once.",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target");
  }

  private static String specifiers(String text) {
    return text.replace("%", "%%");
  }

  /** A word as systemd splits a line. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./$-]+")
        ? word
        : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
