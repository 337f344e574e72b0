/** The landing: raw answers exactly as the service sent them, paid for once and kept. */
@NullMarked
package dev.backfill.io.landing;

import org.jspecify.annotations.NullMarked;
