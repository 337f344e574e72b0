package dev.backfill.io.duckdb;

/**
 * What a run has come to, by the ledger.
 *
 * @param rowsWritten in committed transactions
 * @param requests for data, every attempt
 * @param bytesReceived over the wire
 * @param costUsd estimated, US dollars
 */
public record RunTotals(long rowsWritten, long requests, long bytesReceived, double costUsd) {}
