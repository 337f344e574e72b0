package dev.backfill.emulator.http;

import java.util.ArrayList;
import java.util.List;

/** What was asked for and what was billed for it. Thread-safe. */
public final class BilledLedger {
  /**
   * One request.
   *
   * @param request its number, from 1
   * @param key the key's last characters
   * @param symbols comma-joined
   * @param start inclusive, ISO
   * @param end exclusive, ISO
   * @param bytes uncompressed DBN bytes that were billed
   * @param records records that were sent
   * @param status the HTTP status
   */
  public record Entry(
      long request,
      String method,
      String key,
      String schema,
      String symbols,
      String start,
      String end,
      long bytes,
      long records,
      int status) {}

  private final List<Entry> entries = new ArrayList<>();
  private long requests;

  /** The number of the next request. */
  synchronized long next() {
    return ++requests;
  }

  synchronized void add(Entry entry) {
    entries.add(entry);
  }

  /** All requests so far, in the order in which they ended. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** All bytes billed so far. */
  public synchronized long billedBytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  /** Forgets everything. */
  public synchronized void clear() {
    entries.clear();
    requests = 0;
  }

  static String mask(String key) {
    return "…" + key.substring(Math.max(0, key.length() - 5));
  }
}
