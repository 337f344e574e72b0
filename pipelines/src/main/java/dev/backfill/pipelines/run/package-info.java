/**
 * What the commands do: plan, price, refuse, run the pipeline in waves, report. {@link
 * dev.backfill.pipelines.run.BackfillPipeline} is the only class here that knows Beam.
 */
@NullMarked
package dev.backfill.pipelines.run;

import org.jspecify.annotations.NullMarked;
