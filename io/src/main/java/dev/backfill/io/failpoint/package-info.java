/**
 * Named moments at which a trial stops the process, to kill it there. Without the system property
 * nothing happens, and the compiler leaves nothing of it.
 */
@NullMarked
package dev.backfill.io.failpoint;

import org.jspecify.annotations.NullMarked;
