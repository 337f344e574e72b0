package dev.backfill.pipelines.schedule;

import java.util.List;
import java.util.Locale;

/**
 * One job of a schedule. Immutable.
 *
 * @param name of the job, for people and for names of files
 * @param when it is brought up to date
 * @param command the words of the command, the program first; none is a secret
 */
public record Entry(String name, Due when, List<String> command) {
  /** With a list of its own. */
  public Entry {
    command = List.copyOf(command);
  }

  /** The name as units and manifests take it: {@code backfill-daily-futures}. */
  String unit() {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
    return "backfill-" + plain.replaceAll("^-+|-+$", "");
  }
}
