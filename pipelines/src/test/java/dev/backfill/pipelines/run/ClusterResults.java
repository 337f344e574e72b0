package dev.backfill.pipelines.run;

import java.util.ArrayList;
import java.util.List;

/**
 * What the trials on a cluster have found, for one table that each test class prints at its end.
 */
final class ClusterResults {
  private static final List<String> LINES = new ArrayList<>();

  private ClusterResults() {}

  static synchronized void add(String what, String... figures) {
    LINES.add(String.format("%-34s %s", what, String.join("; ", figures)));
  }

  static synchronized void print(String heading) {
    if (!LINES.isEmpty()) {
      System.out.println(heading + "\n  " + String.join("\n  ", LINES));
      LINES.clear();
    }
  }
}
