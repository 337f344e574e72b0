package org.apache.beam.runners.direct;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Instant;

/**
 * The direct runner without its busy waiting. Its driver asks again and again, millions of times in
 * a run, whether a timer fires or a bundle has ended, on a thread that takes a core from whoever
 * works: a third of all CPU time of a load was that. Each round looks at the clock, so a clock that
 * rests where it is asked again at once paces the driver. The clock can be set only from this
 * package.
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

  /** The time, at most about once a millisecond. Thread-safe; two threads may both be let pass. */
  private static final class PacedClock implements Clock {
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final NanosOffsetClock clock = NanosOffsetClock.create();
    private volatile long lastNs = System.nanoTime() - REST_NS;

    @Override
    public Instant now() {
      if (System.nanoTime() - lastNs < REST_NS) {
        LockSupport.parkNanos(REST_NS);
      }
      lastNs = System.nanoTime();
      return clock.now();
    }
  }
}
