package dev.backfill.pipelines.run;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RunFolder;
import dev.backfill.pipelines.Console;
import dev.backfill.transforms.RunSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far a job is that another launcher has left, from what its workers tell in the landing, and
 * what was loaded of it. {@link #line} may be asked by any thread, the rest is for one.
 */
final class FollowProgress {
  private final RunContext run;
  private final RunFolder folder;
  private final String runId;
  private final int chunks;
  private final Set<String> ended = new HashSet<>();
  private final List<RunSummary> loads = new ArrayList<>();
  private final long began = System.nanoTime();
  private volatile String line = "";

  FollowProgress(RunContext run, RunFolder folder, String runId, int chunks) {
    this.run = run;
    this.folder = folder;
    this.runId = runId;
    this.chunks = chunks;
  }

  /** Looks how far it is. What cannot be seen now, the next look sees. */
  void look() {
    try {
      ended.addAll(folder.outcomes());
      // The first launcher has taken outcomes away; what was asked is in the journal for good.
      for (RequestEntry entry : run.landing().requests(runId)) {
        String chunkId = entry.chunkId();
        if (chunkId != null && entry.outcome().equals(RequestEntry.OK)) {
          ended.add(chunkId);
        }
      }
    } catch (IOException e) {
      return;
    }
    line = text();
  }

  /** Loads what has landed; its own progress is shown meanwhile. */
  void load(ClusterJobs.Loading loading) throws IOException {
    line = "";
    loading.load().ifPresent(loads::add);
    line = text();
  }

  /** What was loaded so far. */
  List<RunSummary> loads() {
    return loads;
  }

  /** One line for people; empty where there is nothing to say now. */
  String line() {
    return line;
  }

  /** How much was loaded in all. */
  String loaded() {
    long rows = loads.stream().mapToLong(RunSummary::rowsWritten).sum();
    int landed = loads.stream().mapToInt(RunSummary::chunksLoaded).sum();
    return SummaryReport.counted(rows, "row") + " of " + SummaryReport.counted(landed, "chunk");
  }

  private String text() {
    // Of a chunk that was split its parts are in the journal.
    return "landed "
        + Console.count(Math.min(ended.size(), chunks))
        + " of "
        + Console.count(chunks)
        + " chunks, loaded "
        + loaded()
        + " ("
        + (System.nanoTime() - began) / 1_000_000_000
        + " s)";
  }
}
