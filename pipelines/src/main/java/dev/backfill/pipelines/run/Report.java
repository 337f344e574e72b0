package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.Console;

/** What one job came to, for people, for machines, and as an exit code. */
interface Report {
  /** One of {@link dev.backfill.pipelines.ExitCodes}. */
  int exitCode();

  /** For people. */
  String text();

  /** The same facts for machines. */
  ObjectNode json();

  /** Prints it as it is wanted. */
  default int to(Console console) {
    console.result(console.json() ? json().toPrettyString() : text());
    return exitCode();
  }
}
