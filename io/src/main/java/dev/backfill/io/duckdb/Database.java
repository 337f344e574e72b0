package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open DuckDB file: one DuckDB instance in this JVM, however often and by however many threads
 * it is opened here, and one process at a time (see {@link DatabaseLock}); or one database at
 * {@link MotherDuck}, which has no file. Every {@link #open} is paired with one {@link #close}; the
 * last closes the file. Thread-safe; a {@link #connect connection} is not.
 *
 * <p>The file itself is never touched with Java's own I/O while it is open: closing a plain stream
 * on it would drop DuckDB's lock.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Map<Path, Database> OPEN = new HashMap<>();

  private final Path path;
  private final boolean readOnly;
  private final DatabaseOptions options;
  private final @Nullable DatabaseLock lock;
  private final AtomicBoolean hasMoreMemory = new AtomicBoolean();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile DuckDBConnection root;
  private int users = 1;
  private long lastUsed;

  private Database(
      Path path,
      boolean readOnly,
      DuckDBConnection root,
      @Nullable DatabaseLock lock,
      DatabaseOptions options) {
    this.path = path;
    this.readOnly = readOnly;
    this.root = root;
    this.lock = lock;
    this.options = options;
  }

  /**
   * Begins to load DuckDB, whose library is 60 MB, on a thread of its own, so that it is there when
   * a database is opened a moment later. Nobody need wait for it, and what fails is said then.
   */
  public static void beginLoading() {
    Thread loading =
        new Thread(
            () -> {
              try {
                Class.forName("org.duckdb.DuckDBDriver");
              } catch (ClassNotFoundException | LinkageError e) {
                LOG.debug("DuckDB cannot be loaded", e);
              }
            },
            "duckdb-start");
    loading.setDaemon(true);
    loading.start();
  }

  /**
   * Opens a file for writing, made if there is none. While it is open, this process holds it.
   *
   * @param options count for the first opening in this JVM; later ones share it as it is
   * @throws DatabaseHeldException if another process has it open
   * @throws DatabaseException if it cannot be opened: not a DuckDB file, a newer format, a folder,
   *     not writable
   */
  public static Database open(String path, DatabaseOptions options) {
    Path file = canonical(path);
    WriteLease lease = WriteLease.of(file);
    return lease == null
        ? share(file, false, options)
        : lease.waiting(patience -> patiently(patience, () -> share(file, false, options)));
  }

  /** {@link #open(String, DatabaseOptions)} with the defaults. */
  public static Database open(String path) {
    return open(path, DatabaseOptions.DEFAULT);
  }

  /**
   * Opens an existing file for reading; several processes may at the same time. Where this JVM has
   * it open for writing, that instance is shared.
   *
   * @throws DatabaseHeldException if another process is writing it
   * @throws DatabaseException if there is no such file or it cannot be read
   */
  public static Database openReadOnly(String path) {
    return share(existing(path), true, DatabaseOptions.DEFAULT);
  }

  /**
   * {@link #openReadOnly(String)}, once a process that is writing has let go.
   *
   * @param wait how long to wait for that at most
   */
  public static Database openReadOnly(String path, Duration wait) {
    Path file = existing(path);
    return patiently(Patience.of(wait), () -> share(file, true, DatabaseOptions.DEFAULT));
  }

  /**
   * Reads from a database that this process happens to have open, without opening it or keeping it
   * open for longer; empty where it is not open now.
   */
  public static <T> Optional<T> peek(String path, Function<Database, T> reading) {
    Path file = canonical(path);
    Database open;
    synchronized (OPEN) {
      open = OPEN.get(file);
      if (open == null) {
        return Optional.empty();
      }
      open.users++;
    }
    try {
      return Optional.of(reading.apply(open));
    } finally {
      open.giveBack(false);
    }
  }

  private static Path existing(String path) {
    Path file = canonical(path);
    if (!isThere(file)) {
      throw new DatabaseException(
          "There is no database " + file + ". Give --db the path of an existing one");
    }
    return file;
  }

  private static Database patiently(Patience patience, Supplier<Database> opening) {
    while (true) {
      try {
        return opening.get();
      } catch (DatabaseHeldException e) {
        pause(patience, e);
      }
    }
  }

  /** Pauses, or throws what was the matter when the time is over. */
  static void pause(Patience patience, DatabaseHeldException held) {
    try {
      if (!patience.pause()) {
        throw held;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Database share(Path path, boolean readOnly, DatabaseOptions options) {
    synchronized (OPEN) {
      Database open = OPEN.get(path);
      if (open == null) {
        open = readOnly ? openToRead(path, options) : openToWrite(path, options);
        OPEN.put(path, open);
        return open;
      }
      if (open.readOnly && !readOnly) {
        throw new DatabaseException(
            "The database "
                + path
                + " is open for reading in this process. Close it before it is written");
      }
      open.users++;
      return open;
    }
  }

  private static Database openToWrite(Path path, DatabaseOptions options) {
    if (MotherDuck.isNamed(path)) {
      return new Database(path, false, connect(path, "", false, options), null, options);
    }
    DatabaseLock lock = DatabaseLock.take(path, DatabaseLock.sidecar(path), "");
    boolean opened = false;
    try {
      String format =
          isNew(path) ? ";storage_compatibility_version=" + options.storageVersion() : "";
      Database database =
          new Database(path, false, connect(path, format, false, options), lock, options);
      opened = true;
      return database;
    } catch (DatabaseHeldException e) {
      throw isReadable(path, options) ? e.asReader(path) : e;
    } finally {
      if (!opened) {
        release(lock, path);
      }
    }
  }

  /**
   * Whether others may read a file that cannot be written, so that who has it only reads. Nothing
   * of this process has it open, so closing it lets go of no lock.
   */
  private static boolean isReadable(Path path, DatabaseOptions options) {
    try (Connection reading = connect(path, "", true, options)) {
      return reading.isReadOnly();
    } catch (SQLException | DatabaseException e) {
      return false;
    }
  }

  /** DuckDB takes an empty file for a new one. Asking for a size opens nothing. */
  private static boolean isNew(Path path) {
    return !Files.exists(path) || path.toFile().length() == 0;
  }

  private static Database openToRead(Path path, DatabaseOptions options) {
    return new Database(path, true, connect(path, "", true, options), null, options);
  }

  private static DuckDBConnection connect(
      Path path, String format, boolean readOnly, DatabaseOptions options) {
    Properties settings = new Properties();
    boolean isRemote = MotherDuck.isNamed(path);
    settings.setProperty("memory_limit", options.effectiveMemoryLimit());
    settings.setProperty("autoinstall_known_extensions", "false");
    if (options.threads() > 0) {
      settings.setProperty("threads", Integer.toString(options.threads()));
    }
    if (!options.tempDirectory().isEmpty()) {
      settings.setProperty("temp_directory", options.tempDirectory());
    }
    if (readOnly && !isRemote) {
      settings.setProperty(org.duckdb.DuckDBDriver.DUCKDB_READONLY_PROPERTY, "true");
    }
    try {
      Connection connection =
          isRemote
              ? MotherDuck.connect(path, settings, options)
              : DriverManager.getConnection("jdbc:duckdb:" + path + format, settings);
      // Not a property: time zones are known only once the instance is up.
      Sql.execute(connection, "SET GLOBAL TimeZone = 'UTC'");
      requireKnownVersion(connection, path);
      return connection.unwrap(DuckDBConnection.class);
    } catch (SQLException e) {
      throw isRemote ? MotherDuckErrors.explain(path, e) : OpenErrors.explain(path, e);
    }
  }

  private static void requireKnownVersion(Connection connection, Path path) throws SQLException {
    boolean known = false;
    try {
      SchemaVersion.requireKnown(connection, path);
      known = true;
    } finally {
      if (!known) {
        connection.close();
      }
    }
  }

  /** The path by which a file is known, whatever links lead to it. */
  static Path canonical(String path) {
    if (MotherDuck.isNamed(path)) {
      return MotherDuck.check(path);
    }
    Path file = Path.of(path).toAbsolutePath().normalize();
    try {
      if (Files.isDirectory(file)) {
        throw new DatabaseException(
            "The database " + file + " is a folder. Give --db the path of a file");
      }
      if (Files.exists(file)) {
        return file.toRealPath();
      }
      Path folder = file.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new DatabaseException(
            "There is no folder "
                + folder
                + " for the database "
                + file.getFileName()
                + ". Make it, or give --db another path");
      }
      return folder.toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      throw new DatabaseException("Cannot find the database " + file + ": " + e.getMessage(), e);
    }
  }

  /** A connection of its own, for one thread; the caller closes it. */
  public DuckDBConnection connect() {
    try {
      DuckDBConnection connection = root.duplicate();
      if (isRemote()) {
        MotherDuck.use(connection, path);
      }
      return connection;
    } catch (SQLException e) {
      throw new DatabaseException("Cannot connect to the database " + path, e);
    }
  }

  /** What is done with the file while nobody has it open. */
  interface FileWork {
    void with(Path file, DatabaseOptions options) throws IOException;
  }

  /** A connection to a file that only the caller knows of. */
  static Connection connectAlone(Path file, DatabaseOptions options) {
    return connect(file, "", false, options);
  }

  /**
   * Closes the file, does something with it under this process's lock, and opens it again. Every
   * connection must be closed; who shares this opening keeps it.
   */
  void whileClosed(FileWork work) throws IOException {
    synchronized (OPEN) {
      try {
        root.close();
      } catch (SQLException e) {
        throw new DatabaseException("Closing the database " + path + " failed", e);
      }
      try {
        work.with(path, options);
      } finally {
        root = connect(path, "", readOnly, options);
      }
    }
  }

  /**
   * Whether there may be such a database: a file that is there, or one elsewhere, of which only
   * opening it tells.
   */
  public static boolean isThere(Path database) {
    return MotherDuck.isNamed(database) || Files.exists(database);
  }

  /** The path of a file from the root; the name of a database elsewhere. */
  public static Path absolute(Path database) {
    return MotherDuck.isNamed(database) ? database : database.toAbsolutePath();
  }

  /** Whether it is elsewhere: no file, no lock beside it, each statement a way to go. */
  public boolean isRemote() {
    return MotherDuck.isNamed(path);
  }

  /** Says, within a transaction that writes, that the right to do so is still this process's. */
  void fence(Connection connection) throws SQLException {
    WriteLease lease = WriteLease.of(path);
    if (lease != null) {
      lease.fence(connection);
    }
  }

  /** The canonical path. */
  public Path path() {
    return path;
  }

  /** Whether it can only be read. */
  public boolean isReadOnly() {
    return readOnly;
  }

  /**
   * Lets DuckDB have more memory, once.
   *
   * @return false when it has that already, or the limit was given by whoever opened it
   */
  boolean allowMoreMemory() {
    Optional<String> more = options.moreMemory();
    if (more.isEmpty() || !hasMoreMemory.compareAndSet(false, true)) {
      return false;
    }
    try (DuckDBConnection connection = connect()) {
      Sql.execute(connection, "SET GLOBAL memory_limit = '" + more.get() + "'");
      return true;
    } catch (SQLException e) {
      throw new DatabaseException("The memory limit of " + path + " could not be raised", e);
    }
  }

  /** Held while a transaction writes: one at a time in this JVM. */
  ReentrantLock writing() {
    return writing;
  }

  /**
   * Gives back one opening; the last one closes the file, which checkpoints it, or leaves it to
   * this process's {@link WriteLease} to close.
   */
  @Override
  public void close() {
    giveBack(true);
  }

  private void giveBack(boolean used) {
    synchronized (OPEN) {
      lastUsed = used ? System.nanoTime() : lastUsed;
      if (--users > 0) {
        return;
      }
      WriteLease lease = lock == null ? null : WriteLease.of(path);
      if (lease == null) {
        shut();
      } else {
        lease.closeLater(this, lastUsed);
      }
    }
  }

  /** Closes the file if nobody has used it since. */
  void closeIfUnused(long since) {
    synchronized (OPEN) {
      if (users == 0 && lastUsed == since && OPEN.get(path) == this) {
        shut();
      }
    }
  }

  /** Closes a file that is open and that nobody uses. */
  static void closeUnused(Path path) {
    synchronized (OPEN) {
      Database open = OPEN.get(path);
      if (open != null && open.users == 0) {
        open.shut();
      }
    }
  }

  /** The caller has {@link #OPEN}. */
  private void shut() {
    OPEN.remove(path, this);
    try {
      root.close();
    } catch (SQLException e) {
      throw new DatabaseException("Closing the database " + path + " failed", e);
    } finally {
      if (lock != null) {
        release(lock, path);
      }
    }
  }

  static void release(Closeable lock, Path path) {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("The lock on {} could not be let go; it ends with this process", path, e);
    }
  }
}
