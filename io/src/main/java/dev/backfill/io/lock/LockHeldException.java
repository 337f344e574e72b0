package dev.backfill.io.lock;

import java.io.IOException;

/** Another process, or another class loader of this one, has the lock. */
public final class LockHeldException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Holder holder;

  LockHeldException(String file, Holder holder) {
    super(file + " is locked by " + holder.describe());
    this.holder = holder;
  }

  /** Who has it. */
  public Holder holder() {
    return holder == null ? Holder.UNKNOWN : holder;
  }
}
