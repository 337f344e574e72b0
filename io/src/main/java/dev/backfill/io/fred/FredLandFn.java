package dev.backfill.io.fred;

import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingGate;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.time.Clock;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** Lands series one by one in the runner's thread. */
final class FredLandFn extends DoFn<Chunk, LandedChunk> {
  private static final long serialVersionUID = 1L;
  private final FredLanding options;
  private transient @Nullable Session session;

  /** What an instance has open. */
  private record Session(FredClient client, RequestJournal journal, FredLander lander) {}

  FredLandFn(FredLanding options) {
    this.options = options;
  }

  private Session session() {
    Session open = session;
    if (open == null) {
      FredClient client = FredClient.connect(options.fred());
      RequestJournal journal = options.landing().journal();
      open =
          new Session(
              client,
              journal,
              new FredLander(options, client, journal, Sleeper.SYSTEM, Clock.systemUTC()));
      session = open;
    }
    return open;
  }

  /** Lands one series. */
  @ProcessElement
  public void processElement(@Element Chunk chunk, OutputReceiver<LandedChunk> out)
      throws IOException {
    if (LandingGate.admits(options.gate(), chunk)) {
      out.output(session().lander().land(chunk));
    }
  }

  /** Closes what this instance has opened. */
  @Teardown
  public void teardown() throws IOException {
    Session open = session;
    session = null;
    if (open != null) {
      open.client().close();
      open.journal().close();
    }
  }
}
