package org.apache.beam.runners.direct;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Instant;

/**
 * The direct runner without its busy waiting. Its driver asks again and again, millions of times in
 * a run, whether a timer fires or a bundle has ended, on a thread that takes a core from whoever
 * works: a third of all CPU time of a load was that. Each round looks at the clock, so a clock that
 * rests now and then paces the driver. The clock can be set only from this package.
 */
public final class PacedDirectRunner extends PipelineRunner<DirectRunner.DirectPipelineResult> {
  private final DirectRunner runner;

  private PacedDirectRunner(DirectRunner runner) {
    this.runner = runner;
  }

  /** Called by Beam. */
  public static PacedDirectRunner fromOptions(PipelineOptions options) {
    DirectRunner runner = DirectRunner.fromOptions(options);
    runner.setClockSupplier(PacedClock::new);
    return new PacedDirectRunner(runner);
  }

  @Override
  public DirectRunner.DirectPipelineResult run(Pipeline pipeline) {
    return runner.run(pipeline);
  }

  /**
   * The time, with a rest of a millisecond at every so many questions. The driver's round asks once
   * or twice for each step of the pipeline, and so does each bundle that ends, under the driver's
   * lock: a rest at each question would hold up a run of hundreds of chunks for minutes.
   * Thread-safe.
   */
  private static final class PacedClock implements Clock {
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUESTIONS = 64;

    private final NanosOffsetClock clock = NanosOffsetClock.create();
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public Instant now() {
      if (asked.incrementAndGet() % QUESTIONS == 0) {
        LockSupport.parkNanos(REST_NS);
      }
      return clock.now();
    }
  }
}
