package dev.backfill.io.duckdb;

import java.io.Serial;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Another process, or another class loader of this one, has the database open. Exit code 5. */
public final class DatabaseHeldException extends DatabaseException {
  @Serial private static final long serialVersionUID = 1L;

  private final long holderPid;

  DatabaseHeldException(Path database, long holderPid) {
    super(message(database, holderPid));
    this.holderPid = holderPid;
  }

  DatabaseHeldException(Path database, long holderPid, Throwable cause) {
    super(message(database, holderPid), cause);
    this.holderPid = holderPid;
  }

  /** The process that has it open, where it is known. */
  public OptionalLong holderPid() {
    return holderPid > 0 ? OptionalLong.of(holderPid) : OptionalLong.empty();
  }

  private static String message(Path database, long pid) {
    if (pid == ProcessHandle.current().pid()) {
      return "The database "
          + database
          + " is already open in this process (PID "
          + pid
          + "), by another copy of this program's classes. DuckDB must be loaded once in a JVM:"
          + " put its driver where all jobs share it";
    }
    return "The database "
        + database
        + " is held by another process ("
        + (pid > 0 ? "PID " + pid + command(pid) : "its PID is not known")
        + "). One process at a time may write it: wait until that one has ended, or stop it, and"
        + " run this again";
  }

  private static String command(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(holder -> holder.info().command())
        .map(command -> ", " + command)
        .orElse("");
  }
}
