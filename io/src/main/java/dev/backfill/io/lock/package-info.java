/** What two processes must not do at the same time, and who is doing it. */
@NullMarked
package dev.backfill.io.lock;

import org.jspecify.annotations.NullMarked;
