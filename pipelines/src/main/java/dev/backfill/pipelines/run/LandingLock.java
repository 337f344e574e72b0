package dev.backfill.pipelines.run;

import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.LockHeldException;
import dev.backfill.io.lock.Patience;
import dev.backfill.io.lock.ProcessLock;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The right to ask for a dataset's schema and land it, so that two commands with one landing and
 * two databases, or none, do not both plan and buy the same. Whoever only loads needs none.
 */
final class LandingLock implements AutoCloseable {
  private final @Nullable ProcessLock lock;

  private LandingLock(@Nullable ProcessLock lock) {
    this.lock = lock;
  }

  /**
   * Takes it, or waits for it as long as the command may. A landing that is not there yet is not
   * made for it: nobody can have landed anything, and a chunk is looked for again before it is
   * asked for.
   *
   * @throws RefusedException if another command has it
   */
  static LandingLock take(RunContext run) throws IOException {
    Path folder = run.options().landing().toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      return new LandingLock(null);
    }
    Job job = run.options().job();
    String what = String.join("-", job.source(), job.dataset(), job.schema());
    Path file = folder.toRealPath().resolve(what + ".lock");
    Patience patience = Patience.of(run.options().patience());
    boolean isTold = false;
    while (true) {
      try {
        return new LandingLock(
            ProcessLock.acquire(file, Holder.self(job.name() + " " + run.runId())));
      } catch (LockHeldException e) {
        if (!isTold && !run.options().patience().isZero()) {
          run.console().note("Waiting for " + e.holder().describe());
          isTold = true;
        }
        if (!patience.pause()) {
          throw new RefusedException(
              job.dataset()
                  + " "
                  + job.schema()
                  + " is being landed in "
                  + folder
                  + " by another process ("
                  + e.holder().describe()
                  + "). So that nothing is bought twice, wait for it with --wait, like --wait 15m,"
                  + " or stop it, and run this again");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
