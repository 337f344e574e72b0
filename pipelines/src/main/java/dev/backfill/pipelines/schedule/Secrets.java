package dev.backfill.pipelines.schedule;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Environment variables that hold what nobody may read in a schedule. Immutable.
 *
 * @param all those that are needed; empty where a file that the command names has it all
 */
public record Secrets(List<Secret> all) {
  /**
   * One of them.
   *
   * @param variable its name
   * @param secret the Kubernetes Secret that holds it
   * @param key the key in that
   */
  public record Secret(String variable, String secret, String key) {}

  /** With a list of its own. */
  public Secrets {
    all = List.copyOf(all);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Like {@code DATABENTO_API_KEY=... and FRED_API_KEY=...}. */
  String lines() {
    return all.stream().map(one -> one.variable() + "=...").collect(Collectors.joining(" and "));
  }
}
