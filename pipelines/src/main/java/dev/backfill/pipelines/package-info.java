/** The programs: the command line, the assembly of the pipeline, progress and reports. */
@org.jspecify.annotations.NullMarked
package dev.backfill.pipelines;
