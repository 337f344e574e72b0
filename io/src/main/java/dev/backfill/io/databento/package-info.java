/** Databento: its Historical HTTP API (HistoricalClient) and the Beam door to it (DatabentoIO). */
@NullMarked
package dev.backfill.io.databento;

import org.jspecify.annotations.NullMarked;
