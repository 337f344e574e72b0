package dev.backfill.io.lock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock. Immutable.
 *
 * @param pid of the process; -1 where it is not known
 * @param host where the process runs; empty where it is not known
 * @param since when it took the lock; null where it is not known
 * @param what it does there, like {@code run daily-futures}; empty where it is not known
 */
public record Holder(long pid, String host, @Nullable Instant since, String what) {
  /** Nothing is known. */
  public static final Holder UNKNOWN = new Holder(-1, "", null, "");

  /** This process, from now on. */
  public static Holder self(String what) {
    return new Holder(
        ProcessHandle.current().pid(),
        thisHost(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        what);
  }

  /** One of which only the PID is known; it runs on this host. */
  public static Holder ofPid(long pid) {
    return pid > 0 ? new Holder(pid, thisHost(), null, "") : UNKNOWN;
  }

  /** The name of this host. */
  public static String thisHost() {
    return HostName.VALUE;
  }

  /** Whether it runs now: known only on its own host, elsewhere it is taken to. */
  public boolean isAlive() {
    return pid <= 0
        || !host.equals(thisHost())
        || ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Like {@code PID 4711 on desk (run daily-futures) since 2025-12-16T01:00:00Z}. */
  public String describe() {
    if (pid <= 0) {
      return "its PID is not known";
    }
    StringBuilder text = new StringBuilder("PID ").append(pid);
    if (!host.isEmpty()) {
      text.append(" on ").append(host);
    }
    String doing = what.isEmpty() ? command() : what;
    if (!doing.isEmpty()) {
      text.append(" (").append(doing).append(')');
    }
    began().ifPresent(time -> text.append(", since ").append(time));
    return text.toString();
  }

  /** When it took the lock; where that is not known, when its process began. */
  private Optional<Instant> began() {
    if (since != null) {
      return Optional.of(since);
    }
    return process()
        .flatMap(process -> process.info().startInstant())
        .map(time -> time.truncatedTo(ChronoUnit.SECONDS));
  }

  private String command() {
    return process().flatMap(process -> process.info().command()).orElse("");
  }

  private Optional<ProcessHandle> process() {
    return host.equals(thisHost()) ? ProcessHandle.of(pid) : Optional.empty();
  }

  /** As lines of a lock file. */
  String text() {
    return String.join("\n", Long.toString(pid), host, String.valueOf(since), what, "");
  }

  /** What a lock file says; a file that is being written may say little. */
  static Holder parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).matches("\\d{1,18}")) {
      return UNKNOWN;
    }
    long pid = Long.parseLong(lines.get(0));
    return lines.size() < 4
        ? ofPid(pid)
        : new Holder(pid, lines.get(1), instant(lines.get(2)), lines.get(3));
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Asked for once: a name server may be slow to answer. */
  private static final class HostName {
    static final String VALUE = find();

    private static String find() {
      try {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      } catch (IOException e) {
        return ask();
      }
    }

    private static String ask() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }
}
