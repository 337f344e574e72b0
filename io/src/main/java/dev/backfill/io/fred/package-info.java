/**
 * FRED: the client and how a series comes into the landing. The public doors are {@link
 * dev.backfill.io.fred.FredIO} for Beam and {@link dev.backfill.io.fred.FredClient} for the rest.
 */
@org.jspecify.annotations.NullMarked
package dev.backfill.io.fred;
