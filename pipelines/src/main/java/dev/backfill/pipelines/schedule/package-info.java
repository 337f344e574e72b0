/**
 * What calls {@code backfill update} from time to time, as text for those who do so: printed only.
 */
@NullMarked
package dev.backfill.pipelines.schedule;

import org.jspecify.annotations.NullMarked;
