package dev.backfill.pipelines;

import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.duckdb.DatabaseHeldException;
import dev.backfill.io.duckdb.MotherDuck;
import dev.backfill.io.duckdb.OriginConflictException;
import dev.backfill.io.duckdb.TableGoneException;
import dev.backfill.io.fred.FredApiException;
import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.landing.OriginMismatchException;
import dev.backfill.pipelines.flink.ClusterException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a failure becomes a sentence and an exit code. It looks through what wraps a
 * failure (a pipeline's exception, an unchecked one) for the first that it knows.
 */
public final class Failures {
  private static final Pattern OF_DATASET = Pattern.compile(" of ([A-Z0-9]+\\.[A-Z0-9]+)");

  /**
   * What is told of a failure.
   *
   * @param exitCode of {@link ExitCodes}
   * @param sentence for people, without a stack trace
   */
  public record Verdict(int exitCode, String sentence) {}

  private Failures() {}

  /** The verdict on a failure. */
  public static Verdict verdict(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Verdict known = known(cause);
      if (known != null) {
        return new Verdict(known.exitCode(), MotherDuck.scrub(known.sentence()));
      }
    }
    return new Verdict(
        ExitCodes.INTERNAL,
        "Internal error: "
            + MotherDuck.scrub(String.valueOf(failure))
            + ". Nothing that was loaded is lost. Run it again with --verbose for the stack trace,"
            + " and report it");
  }

  /** Whether it is the service's word that this key has no right to what was asked. */
  public static boolean lacksRights(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabentoApiException refused && refused.lacksRights()) {
        return true;
      }
    }
    return false;
  }

  /** Prints the verdict, and the stack trace where it is wanted; returns the exit code. */
  static int report(Throwable failure, PrintStream err, boolean verbose) {
    Verdict verdict = verdict(failure);
    err.println(verdict.sentence());
    if (verbose) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      err.print(MotherDuck.scrub(trace.toString()));
    }
    return verdict.exitCode();
  }

  private static @Nullable Verdict known(Throwable cause) {
    if (isRefusal(cause)) {
      return new Verdict(ExitCodes.REFUSED, message(cause));
    }
    if (isToBeCorrected(cause)) {
      return new Verdict(ExitCodes.USAGE, message(cause));
    }
    if (cause instanceof DatabentoApiException refused) {
      return new Verdict(exitCode(refused), sentence(refused));
    }
    if (cause instanceof FredApiException refused) {
      int code = refused.isRetryable() ? ExitCodes.CHUNKS_FAILED : ExitCodes.USAGE;
      return new Verdict(code, message(cause));
    }
    if (cause instanceof IOException && isFull(cause)) {
      return new Verdict(
          ExitCodes.USAGE,
          "The disk is full ("
              + cause.getMessage()
              + "). What is whole is kept, and nothing half-written is ever read: make room and run"
              + " the same command again");
    }
    if (cause instanceof FileSystemException file) {
      return new Verdict(ExitCodes.USAGE, sentence(file));
    }
    if (cause instanceof ClusterException) {
      return new Verdict(ExitCodes.CHUNKS_FAILED, message(cause));
    }
    if (cause instanceof OutOfMemoryError) {
      return new Verdict(
          ExitCodes.INTERNAL,
          "Out of memory ("
              + cause.getMessage()
              + "). Give Java more, like BACKFILL_HEAP=1g, or"
              + " lower --parallelism");
    }
    return null;
  }

  private static boolean isRefusal(Throwable cause) {
    return cause instanceof RefusedException
        || cause instanceof OriginMismatchException
        || cause instanceof OriginConflictException
        || cause instanceof TableGoneException
        || cause instanceof DatabaseHeldException;
  }

  private static boolean isToBeCorrected(Throwable cause) {
    return cause instanceof UsageException
        || cause instanceof ApiSettingsException
        || cause instanceof ServiceConnectionException
        || cause instanceof DatabaseException;
  }

  /**
   * A key that is wrong is to be corrected; a right that is missing is a refusal; the rest waits.
   */
  private static int exitCode(DatabentoApiException refused) {
    if (refused.lacksRights() || refused.status() == 402) {
      return ExitCodes.REFUSED;
    }
    return refused.isRetryable() ? ExitCodes.CHUNKS_FAILED : ExitCodes.USAGE;
  }

  /**
   * What a key has no right to is named by its dataset. Where the service tells which part of the
   * range it would serve, and of any other refusal, its own words say more.
   */
  private static String sentence(DatabentoApiException refused) {
    Matcher dataset = OF_DATASET.matcher(refused.what());
    if (!refused.lacksRights() || refused.availableEnd() != null || !dataset.find()) {
      return message(refused);
    }
    return dataset.group(1)
        + " is not in this key's subscription, so nothing of it was asked for or spent; subscribe"
        + " to it, or go without this job (HTTP "
        + refused.status()
        + (refused.requestId().isEmpty() ? "" : ", request id " + refused.requestId())
        + ")";
  }

  /** Java has no type for it; these are the words of Linux, macOS and Windows. */
  private static boolean isFull(Throwable cause) {
    String text = message(cause);
    return text.contains("No space left on device")
        || text.contains("Disk quota exceeded")
        || text.contains("not enough space on the disk");
  }

  private static String sentence(FileSystemException failure) {
    String why =
        failure instanceof NoSuchFileException
            ? "there is no such file or folder"
            : failure instanceof AccessDeniedException
                ? "permission denied; nothing half-written is ever read"
                : failure.getReason() == null ? failure.toString() : failure.getReason();
    return "Cannot use " + failure.getFile() + ": " + why;
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
