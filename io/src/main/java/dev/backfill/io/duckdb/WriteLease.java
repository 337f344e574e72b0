package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.LockHeldException;
import dev.backfill.io.lock.Patience;
import java.io.Closeable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command's right to be the one that writes a database, for as long as it runs, by a lock on
 * {@code <database>.run.lock}. The file itself is open only while it is read or written, so that
 * others can read it in between: while the lease lasts, the last {@link Database#close} leaves the
 * file open for a moment, for loads that follow each other, and {@link Database#open} waits for a
 * process that reads. A database elsewhere has a {@link RemoteLock} instead, and is open from
 * beginning to end.
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

  /** How often it is asked whether a database elsewhere is free. */
  static final Duration ASK_ELSEWHERE = Duration.ofSeconds(5);

  /** What is to be loaded, and may have been paid for, is worth waiting for a longer query. */
  static final Duration PATIENCE_TO_LOAD = Duration.ofMinutes(1);

  private final Path database;
  private final Closeable lock;
  private final Consumer<String> waiting;
  private final ScheduledExecutorService timer;
  private final AtomicInteger borrowed = new AtomicInteger();
  private volatile @Nullable Thread lentTo;
  private volatile Duration patience;
  private volatile boolean awaitsReaders;

  private WriteLease(Path database, Closeable lock, Duration patience, Consumer<String> waiting) {
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
    Duration patience = wait.compareTo(GRACE) > 0 ? wait : GRACE;
    WriteLease mine = of(database);
    if (mine != null && mine.lentTo == Thread.currentThread()) {
      mine.borrowed.incrementAndGet();
      mine.patience = patience;
      mine.awaitsReaders = false;
      return mine;
    }
    Closeable lock =
        MotherDuck.isNamed(database)
            ? takeRemote(database, what, wait, waiting)
            : patiently(
                Patience.of(wait),
                wait,
                waiting,
                () -> DatabaseLock.take(database, sidecar(database), what));
    WriteLease lease = new WriteLease(database, lock, patience, waiting);
    TAKEN.put(database, lease);
    lease.renewFromTimeToTime();
    return lease;
  }

  /** The database is open while the row is waited for: each opening is a way to go. */
  private static RemoteLock takeRemote(
      Path database, String what, Duration wait, Consumer<String> waiting) {
    Database open = Database.open(database.toString());
    boolean isTaken = false;
    try {
      RemoteLock lock =
          patiently(
              Patience.of(wait, ASK_ELSEWHERE),
              wait,
              waiting,
              () -> RemoteLock.take(open, what, Clock.systemUTC()));
      isTaken = true;
      return lock;
    } finally {
      if (!isTaken) {
        open.close();
      }
    }
  }

  private static <L> L patiently(
      Patience left, Duration wait, Consumer<String> waiting, Supplier<L> taking) {
    boolean isTold = false;
    while (true) {
      try {
        return taking.get();
      } catch (DatabaseHeldException e) {
        if (!isTold && wait.toMillis() > 0) {
          waiting.accept(sentence(e));
          isTold = true;
        }
        Database.pause(left, e);
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a failure is logged, and the next load tells
  private void renewFromTimeToTime() {
    if (lock instanceof RemoteLock remote) {
      long period = RemoteLock.RENEWAL.toMillis();
      timer.scheduleWithFixedDelay(remote::renew, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Lets this thread take the lease again, as often as it likes, until it is closed: a command of
   * several runs holds it for all of them, and each run takes and closes it as if it were alone.
   *
   * @return this
   */
  public WriteLease lend() {
    lentTo = Thread.currentThread();
    return this;
  }

  /** Who has the right to write a database elsewhere; empty where nobody has. */
  public static Optional<String> writer(Database database) {
    return database.isRemote()
        ? RemoteLock.holder(database, Clock.systemUTC()).map(Holder::describe)
        : Optional.empty();
  }

  /** Says, within a transaction that writes, that the right is still this process's. */
  void fence(Connection connection) throws SQLException {
    if (lock instanceof RemoteLock remote) {
      remote.fence(connection);
    }
  }

  static Path sidecar(Path database) {
    return database.resolveSibling(database.getFileName() + ".run.lock");
  }

  private static String sentence(DatabaseHeldException e) {
    Holder holder = e.getCause() instanceof LockHeldException held ? held.holder() : e.holder();
    return "Waiting for " + holder.describe();
  }

  /** The lease that this process has on a database; null if it has none. */
  static @Nullable WriteLease of(Path database) {
    return TAKEN.get(database);
  }

  /**
   * Says that there is something to load: from now on a process that only reads the file is waited
   * for longer. One that writes it, and is none of ours, is still told of at once.
   */
  public void awaitReaders() {
    awaitsReaders = true;
  }

  /** Says that money may have been spent: from now on the file is waited for longer. */
  public void begun() {
    if (patience.compareTo(PATIENCE_TO_LOAD) < 0) {
      patience = PATIENCE_TO_LOAD;
    }
  }

  /** Opens the file, waiting for it; once that was in vain, later openings wait no more. */
  Database waiting(Function<Patience, Database> opening) {
    Duration wait = patience;
    try {
      return opening.apply(Patience.of(Duration.ZERO));
    } catch (DatabaseHeldException e) {
      boolean isByDefault = wait.compareTo(GRACE) <= 0;
      if (isByDefault && awaitsReaders && e.isReader()) {
        wait = PATIENCE_TO_LOAD;
      }
      if (wait.compareTo(GRACE) > 0) {
        waiting.accept(sentence(e));
      }
    }
    boolean isOpen = false;
    try {
      Database opened = opening.apply(Patience.of(wait));
      isOpen = true;
      return opened;
    } finally {
      if (!isOpen) {
        patience = Duration.ZERO;
        awaitsReaders = false;
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
    if (borrowed.getAndUpdate(n -> Math.max(0, n - 1)) > 0 || !TAKEN.remove(database, this)) {
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
