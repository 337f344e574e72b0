package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Holder;
import java.io.Serial;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Another process, or another class loader of this one, has the database. Exit code 5. */
public final class DatabaseHeldException extends DatabaseException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Holder holder;
  private final boolean isReader;

  DatabaseHeldException(Path database, Holder holder, @Nullable Throwable cause) {
    super(message(database, holder), cause);
    this.holder = holder;
    this.isReader = false;
  }

  private DatabaseHeldException(Path database, DatabaseHeldException reader) {
    super(
        "The database "
            + database
            + " is being read by another process ("
            + reader.holder().describe()
            + "), and DuckDB lets nobody write it meanwhile. Close it there, or wait for that with"
            + " --wait, like --wait 15m, and run this again",
        reader.getCause());
    this.holder = reader.holder();
    this.isReader = true;
  }

  /** The same of a process that only reads. */
  DatabaseHeldException asReader(Path database) {
    return new DatabaseHeldException(database, this);
  }

  /** Whether who has it only reads it. */
  boolean isReader() {
    return isReader;
  }

  /** Who has it, as far as that is known. */
  Holder holder() {
    return holder == null ? Holder.UNKNOWN : holder;
  }

  /** The process that has it, where it is known. */
  public OptionalLong holderPid() {
    return holder().pid() > 0 ? OptionalLong.of(holder().pid()) : OptionalLong.empty();
  }

  private static String message(Path database, Holder holder) {
    if (holder.pid() == ProcessHandle.current().pid()) {
      return "The database "
          + database
          + " is in use in this process already ("
          + holder.describe()
          + "), by another command or by another copy of this program's classes. DuckDB must be"
          + " loaded once in a JVM: put its driver where all jobs share it";
    }
    return "The database "
        + database
        + " is held by another process ("
        + holder.describe()
        + "). One process at a time may write it: wait for that one with --wait, like --wait 15m,"
        + " or stop it, and run this again";
  }
}
