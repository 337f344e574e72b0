package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of landing one job.
 *
 * @param load the command that loads what has landed
 * @param runId the run that landed
 * @param landed chunks that are there now
 * @param failed chunks without an answer
 * @param refused chunks that this key has no right to
 */
record LandReport(
    PricedPlan plan,
    String load,
    String runId,
    List<LandedChunk> landed,
    List<LandedChunk> failed,
    List<LandedChunk> refused)
    implements Report {
  private static final int SHOWN = 8;

  @Override
  public int exitCode() {
    return !refused.isEmpty()
        ? ExitCodes.REFUSED
        : failed.isEmpty() ? ExitCodes.OK : ExitCodes.CHUNKS_FAILED;
  }

  private long records() {
    return landed.stream().mapToLong(LandedChunk::getRecordCount).sum();
  }

  @Override
  public String text() {
    Job job = plan.job();
    List<String> lines = new ArrayList<>();
    lines.add(
        plan.plan().toAsk().isEmpty()
            ? job.name() + ": nothing to land; all that is wanted is loaded or landed"
            : job.name()
                + ": "
                + SummaryReport.counted(records(), "record")
                + " landed in "
                + SummaryReport.counted(landed.size(), "chunk")
                + "; "
                + load
                + " brings them into a database");
    describe(lines, "not in this key's subscription", refused);
    describe(lines, "failed", failed);
    return String.join(System.lineSeparator(), lines);
  }

  private static void describe(List<String> lines, String what, List<LandedChunk> chunks) {
    for (LandedChunk one : chunks.subList(0, Math.min(SHOWN, chunks.size()))) {
      lines.add("  " + what + ": chunk " + one.getChunk().getChunkId() + ": " + one.getError());
    }
    if (chunks.size() > SHOWN) {
      lines.add("  … and " + (chunks.size() - SHOWN) + " more");
    }
  }

  @Override
  public ObjectNode json() {
    return new ObjectMapper()
        .createObjectNode()
        .put("job", plan.job().name())
        .put("run_id", runId)
        .put("exit_code", exitCode())
        .put("chunks_landed", landed.size())
        .put("chunks_failed", failed.size())
        .put("chunks_not_entitled", refused.size())
        .put("records", records())
        .put("chunks_to_load", landed.size() + plan.plan().toLoad().size());
  }
}
