package dev.backfill.io.databento;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A chunk and what came of it: filled by the thread that lands, read by the worker's when that has
 * ended.
 *
 * @param <P> where the chunk came from
 */
final class Landed<P> implements LandingSession.Sink {
  private final P place;
  private final Chunk chunk;
  private final Check check;
  private final List<RequestEntry> requests = new ArrayList<>();
  private final List<Ended> outcomes = new ArrayList<>();
  private final List<Chunk> parts = new ArrayList<>();

  /** Whether landing may go on. */
  @FunctionalInterface
  interface Check {
    void check() throws IOException;
  }

  /** How the chunk, or a part of it that was landed by the same thread, has ended. */
  record Ended(LandedChunk outcome, long tookMillis) {}

  Landed(P place, Chunk chunk, Check check) {
    this.place = place;
    this.chunk = chunk;
    this.check = check;
  }

  P place() {
    return place;
  }

  Chunk chunk() {
    return chunk;
  }

  List<RequestEntry> requests() {
    return requests;
  }

  List<Ended> outcomes() {
    return outcomes;
  }

  List<Chunk> parts() {
    return parts;
  }

  @Override
  public void requested(RequestEntry request) {
    requests.add(request);
  }

  @Override
  public void ended(LandedChunk outcome, long tookMillis) throws IOException {
    outcomes.add(new Ended(outcome, tookMillis));
    check.check();
  }

  @Override
  public void part(Chunk part) {
    parts.add(part);
  }
}
