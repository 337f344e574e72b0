/** Figures: the kernels by JMH, loading, and what they are compared with. */
@NullMarked
package dev.backfill.benchmarks;

import org.jspecify.annotations.NullMarked;
