package dev.backfill.io.databento;

import dev.backfill.schemas.Bar;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes landed chunks; one that has no answer fails the pipeline. */
final class BarsFn extends DoFn<LandedChunk, Bar> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(BarsFn.class);

  /** Gives the bars of one chunk. */
  @ProcessElement
  public void processElement(@Element LandedChunk landed, OutputReceiver<Bar> out)
      throws IOException {
    LandedState state = landed.getState();
    switch (state) {
      case LANDED -> {
        try (BarDecoder bars = BarDecoder.open(landed)) {
          bars.forEach(out::output);
        }
      }
      case UNRESOLVED -> LOG.warn("No symbol resolves: {}", about(landed));
      case FAILED, NOT_ENTITLED ->
          throw new IOException(
              about(landed)
                  + " has no bars ("
                  + state
                  + "): "
                  + landed.getError()
                  + ". Use DatabentoIO.land() to go on without such chunks");
    }
  }

  private static String about(LandedChunk landed) {
    return "Chunk "
        + landed.getChunk().getChunkId()
        + " of "
        + landed.getChunk().getSymbols()
        + " from "
        + Times.text(landed.getChunk().getStartNs())
        + " to "
        + Times.text(landed.getChunk().getEndNs());
  }
}
