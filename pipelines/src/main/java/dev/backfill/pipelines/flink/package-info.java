/** A Flink cluster as its REST interface shows it: what it is, and how its jobs are. */
@NullMarked
package dev.backfill.pipelines.flink;

import org.jspecify.annotations.NullMarked;
