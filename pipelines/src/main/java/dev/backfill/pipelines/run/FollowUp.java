package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a job does after its parts: which requests these are is known only from what the parts have
 * loaded, so they are planned then, and priced under the same caps. Not thread-safe.
 */
interface FollowUp {
  /** Those of a job, by its parts. */
  static List<FollowUp> ofJob(List<RunOptions> parts) {
    List<FollowUp> all = new ArrayList<>();
    LookUps.ofJob(parts).ifPresent(all::add);
    all.addAll(RollLookUps.ofJob(parts));
    return all;
  }

  /** What a plan says of it. */
  String beforehand();

  /** How often at most it is looked whether there is more to do. */
  int passes();

  /**
   * The part that does it; empty where there is nothing to do.
   *
   * @param isWhole whether what was done already counts too, because it is to be looked at again
   */
  Optional<RunOptions> find(boolean isWhole);

  /** Which of what was {@linkplain #find found} is brought by a command of this scope. */
  PlanScope scope(PlanScope of);

  /** What is said of that which is lacking all the same. */
  List<String> lacking();

  /** The same for machines. */
  ObjectNode json();
}
