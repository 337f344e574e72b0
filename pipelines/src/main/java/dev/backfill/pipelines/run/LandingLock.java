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
 *
 * <p>It is a lock on a file of this machine. A landing that is a URI has none: that only one
 * command at a time lands a dataset's schema there is for the user to arrange, and what two do at
 * once is at worst paid twice, never lost.
 */
final class LandingLock implements AutoCloseable {
  private final RunContext run;
  private @Nullable ProcessLock lock;

  private LandingLock(RunContext run) {
    this.run = run;
  }

  /**
   * Takes it, or waits for it as long as the command may. A landing that is not there yet is not
   * made for it yet: nobody can have landed anything, and the command may still be refused; see
   * {@link #beforeLanding}.
   *
   * @throws RefusedException if another command has it
   */
  static LandingLock take(RunContext run) throws IOException {
    LandingLock taken = new LandingLock(run);
    if (!run.options().landing().isLocal()) {
      return taken;
    }
    Path folder = folder(run);
    if (Files.isDirectory(folder)) {
      taken.lock = acquire(run, folder);
    }
    return taken;
  }

  /**
   * To be called when every check has passed and before anything is asked: makes a landing that was
   * not there, and takes it. Two that began at once have planned the same; the one that has waited
   * here finds the other's chunks before it asks for them.
   *
   * @throws RefusedException if another command has it
   */
  void beforeLanding() throws IOException {
    if (lock == null && run.options().landing().isLocal()) {
      Path folder = folder(run);
      Files.createDirectories(folder);
      lock = acquire(run, folder);
    }
  }

  private static Path folder(RunContext run) {
    return run.options().landing().path().toAbsolutePath().normalize();
  }

  /**
   * Where a command that only lands keeps its heartbeat; null where the landing is a URI, which has
   * none.
   */
  static @Nullable Path heart(RunContext run) throws IOException {
    return run.options().landing().isLocal() ? subject(run) : null;
  }

  /** What of the landing it is the right to: the name of its lock and of its heartbeat. */
  private static Path subject(RunContext run) throws IOException {
    Job job = run.options().job();
    return folder(run)
        .toRealPath()
        .resolve(String.join("-", job.source(), job.dataset(), job.schema()));
  }

  private static ProcessLock acquire(RunContext run, Path folder) throws IOException {
    Job job = run.options().job();
    Path subject = subject(run);
    Path file = subject.resolveSibling(subject.getFileName() + ".lock");
    Patience patience = Patience.of(run.options().patience());
    boolean isTold = false;
    while (true) {
      try {
        return ProcessLock.acquire(file, Holder.self(job.name() + " " + run.runId()));
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
