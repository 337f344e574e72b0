package dev.backfill.io.failpoint;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A moment after which what is on the disk differs from what was there before: in a chunk's life,
 * from its request to its commit, or while a database that is there already is taken over. A trial
 * names one by {@code -Dbackfill.failpoint=before-commit}, or {@code =mid-body:3} for its third
 * passing: the process then says so in its log, goes past no fail point any more, and waits to be
 * killed. The property is read once. Safe for several threads.
 */
public enum FailPoint {
  /** A data request is in the journal, and not sent. */
  BEFORE_REQUEST,
  /** A data request is answered; its body is still on its way. */
  AFTER_REQUEST,
  /** A piece of the body is written to the temporary file. */
  MID_BODY,
  /** The answer is whole and verified, and has a temporary name. */
  BEFORE_RENAME,
  /** The answer has its name. */
  AFTER_RENAME,
  /** The contracts are there, the sidecar is not. */
  BEFORE_SIDECAR,
  /** The chunk has landed. */
  AFTER_SIDECAR,
  /** A group's old rows are deleted and its new ones inserted; nothing is committed. */
  AFTER_APPEND,
  /** They are counted. */
  AFTER_COUNT,
  /** Coverage, outcomes and requests are written too. */
  BEFORE_COMMIT,
  /** The group is committed, and nobody has been told. */
  AFTER_COMMIT,
  /** A part of a database that is taken over is in the copy. */
  TAKEOVER_MID_COPY,
  /** All of it is. */
  TAKEOVER_AFTER_COPY,
  /** The first change is made in the copy; nothing is committed. */
  TAKEOVER_MID_CHANGE,
  /** The copy is changed in full, and the file as it was has its second name. */
  TAKEOVER_BEFORE_RENAME,
  /** The copy has taken the file's place. */
  TAKEOVER_AFTER_RENAME;

  /** The system property that names the fail point. */
  public static final String PROPERTY = "backfill.failpoint";

  private static final @Nullable Trap TRAP = Trap.of(System.getProperty(PROPERTY));

  /** How the property names it, such as {@code mid-body}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Marks the moment. Returns at once unless a trial has named a fail point. */
  public void pass() {
    if (TRAP != null) {
      TRAP.pass(this);
    }
  }
}
