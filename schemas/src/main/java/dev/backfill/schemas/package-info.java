/**
 * The words of the domain: what is wanted ({@link dev.backfill.schemas.Series}, {@link
 * dev.backfill.schemas.Interval}), what flows (the Avro records) and where it ends ({@link
 * dev.backfill.schemas.TableSql}). No Beam and no I/O beyond this module's own resources.
 */
@NullMarked
package dev.backfill.schemas;

import org.jspecify.annotations.NullMarked;
