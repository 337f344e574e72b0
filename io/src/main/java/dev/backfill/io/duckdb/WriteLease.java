package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.LockHeldException;
import dev.backfill.io.lock.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command's right to be the one that writes a database, for as long as it runs, by a lock on
 * {@code <database>.run.lock}. The file itself is open only while it is read or written, so that
 * others can read it in between: while the lease lasts, the last {@link Database#close} leaves the
 * file open for a moment, for loads that follow each other, and {@link Database#open} waits for a
 * process that reads.
 *
 * <p>Thread-safe.
 */
public final class WriteLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteLease.class);
  private static final Map<Path, WriteLease> TAKEN = new ConcurrentHashMap<>();

  /** Opening takes some tenths of a second, and closing writes the log into the file. */
  static final Duration IDLE = Duration.ofSeconds(1);

  /** A status or a query of another process is over in that time. */
  static final Duration GRACE = Duration.ofSeconds(2);

  /** What has been paid for is worth waiting for a longer query. */
  static final Duration PATIENCE_ONCE_BEGUN = Duration.ofMinutes(1);

  private final Path database;
  private final DatabaseLock lock;
  private final Consumer<String> waiting;
  private final ScheduledExecutorService timer;
  private volatile Duration patience;

  private WriteLease(
      Path database, DatabaseLock lock, Duration patience, Consumer<String> waiting) {
    this.database = database;
    this.lock = lock;
    this.patience = patience;
    this.waiting = waiting;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "database-idle");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes the lease.
   *
   * @param path the database, which need not be there yet
   * @param what others are told, like {@code run daily-futures}
   * @param wait how long to wait at most for another command to end, and later for a process that
   *     has the file open
   * @param waiting told once, in a sentence, when there is something to wait for
   * @throws DatabaseHeldException if another command has it, after that time
   * @throws DatabaseException if the database or its folder cannot be written
   */
  public static WriteLease take(String path, String what, Duration wait, Consumer<String> waiting) {
    Path database = Database.canonical(path);
    Path sidecar = sidecar(database);
    Patience left = Patience.of(wait);
    boolean isTold = false;
    while (true) {
      try {
        DatabaseLock lock = DatabaseLock.take(database, sidecar, what);
        Duration patience = wait.compareTo(GRACE) > 0 ? wait : GRACE;
        WriteLease lease = new WriteLease(database, lock, patience, waiting);
        TAKEN.put(database, lease);
        return lease;
      } catch (DatabaseHeldException e) {
        if (!isTold && wait.toMillis() > 0) {
          waiting.accept(sentence(e));
          isTold = true;
        }
        Database.pause(left, e);
      }
    }
  }

  static Path sidecar(Path database) {
    return database.resolveSibling(database.getFileName() + ".run.lock");
  }

  private static String sentence(DatabaseHeldException e) {
    Holder holder =
        e.getCause() instanceof LockHeldException held
            ? held.holder()
            : Holder.ofPid(e.holderPid().orElse(-1));
    return "Waiting for " + holder.describe();
  }

  /** The lease that this process has on a database; null if it has none. */
  static @Nullable WriteLease of(Path database) {
    return TAKEN.get(database);
  }

  /** Says that money may have been spent: from now on the file is waited for longer. */
  public void begun() {
    if (patience.compareTo(PATIENCE_ONCE_BEGUN) < 0) {
      patience = PATIENCE_ONCE_BEGUN;
    }
  }

  /** Opens the file, waiting for it; once that was in vain, later openings wait no more. */
  Database waiting(Function<Patience, Database> opening) {
    try {
      return opening.apply(Patience.of(Duration.ZERO));
    } catch (DatabaseHeldException e) {
      if (patience.compareTo(GRACE) > 0) {
        waiting.accept(sentence(e));
      }
    }
    boolean isOpen = false;
    try {
      Database opened = opening.apply(Patience.of(patience));
      isOpen = true;
      return opened;
    } finally {
      if (!isOpen) {
        patience = Duration.ZERO;
      }
    }
  }

  /** Closes a file after a moment in which nobody uses it. */
  @SuppressWarnings("FutureReturnValueIgnored") // a failure is logged
  void closeLater(Database open, long lastUsed) {
    long left = IDLE.toNanos() - (System.nanoTime() - lastUsed);
    timer.schedule(() -> closeQuietly(open, lastUsed), Math.max(0, left), TimeUnit.NANOSECONDS);
  }

  private static void closeQuietly(Database open, long lastUsed) {
    try {
      open.closeIfUnused(lastUsed);
    } catch (DatabaseException e) {
      LOG.warn("Closing {} between loads failed; what was committed is kept", open.path(), e);
    }
  }

  /** Closes the file if it is open and unused, and lets the next command have it. */
  @Override
  public void close() {
    if (!TAKEN.remove(database, this)) {
      return;
    }
    timer.shutdown();
    try {
      Database.closeUnused(database);
    } finally {
      Database.release(lock, database);
    }
  }
}
