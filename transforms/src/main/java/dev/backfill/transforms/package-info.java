/**
 * The steps of a job, in the order of the data: {@link dev.backfill.transforms.ChunkPlanner},
 * {@link dev.backfill.transforms.LandChunks}, {@link dev.backfill.transforms.GatherLanded}, {@link
 * dev.backfill.transforms.LoadChunks}. Planner, normalizer and checks are plain Java; the
 * transforms only wire.
 */
@NullMarked
package dev.backfill.transforms;

import org.jspecify.annotations.NullMarked;
