package dev.backfill.io.duckdb;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The service's word on one day of a dataset.
 *
 * @param dataset e.g. GLBX.MDP3
 * @param date the UTC day
 * @param condition available, degraded, pending or missing
 * @param lastModified the day of its newest change, where it is told
 */
public record DayCondition(
    String dataset, LocalDate date, String condition, @Nullable LocalDate lastModified) {}
