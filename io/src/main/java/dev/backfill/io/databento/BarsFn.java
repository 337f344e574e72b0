package dev.backfill.io.databento;

import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
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
        } catch (IOException e) {
          setAsideIfDamaged(landed, e);
          throw e;
        }
      }
      case SPLIT -> LOG.debug("Its parts come by themselves: {}", about(landed));
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

  /** So that the next attempt finds another generation, or buys the answer again. */
  private static void setAsideIfDamaged(LandedChunk landed, IOException failure) {
    try {
      try {
        LandingArea.verify(landed);
      } catch (DamagedAnswerException damaged) {
        LandingArea.setAside(landed, String.valueOf(damaged.getMessage()));
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
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
