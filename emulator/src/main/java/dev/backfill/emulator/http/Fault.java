package dev.backfill.emulator.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A misbehaviour, and which requests it hits.
 *
 * @param kind what happens
 * @param methods methods it hits, such as {@code timeseries.get_range}; empty for every one
 * @param symbol a requested symbol it hits; null for any
 * @param times how many requests it hits; negative for all
 * @param skip how many matching requests pass first
 * @param probability of each matching request to be hit
 * @param status HTTP status, for {@link Kind#STATUS}
 * @param at a byte of the body for CUT, STALL, RESET and CORRUPT; a record for CUT_RECORD and
 *     CUT_BETWEEN_FRAMES; every how many bars one is missing for DROP_BARS; percent for COUNT_OFF;
 *     bytes a second for TRICKLE; seconds of Retry-After for STATUS 429 and 503
 * @param clean whether a cut body ends as HTTP wants it
 * @param millis how long a delay or a stall lasts
 */
public record Fault(
    Kind kind,
    Set<String> methods,
    @Nullable String symbol,
    int times,
    int skip,
    double probability,
    int status,
    long at,
    boolean clean,
    long millis) {

  /** What can go wrong. */
  public enum Kind {
    /** An error status, with an HTML body as gateways send it. */
    STATUS,
    /** A wait before the first byte. */
    DELAY,
    /** A wait in the middle of the body. */
    STALL,
    /** The connection is reset, before the body or in it. */
    RESET,
    /** The body ends early, at any byte as sent. */
    CUT,
    /** The body ends inside a record; compression, if any, ends properly. */
    CUT_RECORD,
    /** The body ends exactly after a zstd frame. */
    CUT_BETWEEN_FRAMES,
    /** One byte is wrong. */
    CORRUPT,
    /** The zstd frame's checksum is wrong. */
    CHECKSUM,
    /** The body comes slowly. */
    TRICKLE,
    /** Bars are missing; the framing is right. */
    DROP_BARS,
    /** The record count is wrong. */
    COUNT_OFF
  }

  private static final String DATA = "timeseries.get_range";
  private static final String COUNT = "metadata.get_record_count";

  /** Copies the set. */
  public Fault {
    methods = Set.copyOf(methods);
  }

  private static Fault data(Kind kind, long at, boolean clean, long millis) {
    return new Fault(kind, Set.of(DATA), null, 1, 0, 1, 0, at, clean, millis);
  }

  /**
   * One data request is answered with this status: in the service's own words where it is 403 (a
   * licence is missing), else with a gateway's HTML page.
   */
  public static Fault status(int status) {
    return new Fault(Kind.STATUS, Set.of(DATA), null, 1, 0, 1, status, 1, true, 0);
  }

  /** One data request waits before its first byte. */
  public static Fault delay(long millis) {
    return data(Kind.DELAY, 0, true, millis);
  }

  /** One data body stops at a byte for a while. */
  public static Fault stall(long atByte, long millis) {
    return data(Kind.STALL, atByte, true, millis);
  }

  /** One data request's connection is reset at a byte of the body; 0: before the answer. */
  public static Fault reset(long atByte) {
    return data(Kind.RESET, atByte, false, 0);
  }

  /** One data body ends at a byte, with or without a proper HTTP end. */
  public static Fault cut(long atByte, boolean clean) {
    return data(Kind.CUT, atByte, clean, 0);
  }

  /** One data body ends inside the record after so many, with a proper end. */
  public static Fault cutRecord(long records) {
    return data(Kind.CUT_RECORD, records, true, 0);
  }

  /** One data body ends after so many records, between two zstd frames, with a proper end. */
  public static Fault cutBetweenFrames(long records) {
    return data(Kind.CUT_BETWEEN_FRAMES, records, true, 0);
  }

  /** One data body has a wrong byte. */
  public static Fault corrupt(long atByte) {
    return data(Kind.CORRUPT, atByte, true, 0);
  }

  /** One data body has a wrong zstd checksum. */
  public static Fault checksum() {
    return data(Kind.CHECKSUM, 0, true, 0);
  }

  /** One data body comes at so many bytes a second. */
  public static Fault trickle(long bytesPerSecond) {
    return data(Kind.TRICKLE, bytesPerSecond, true, 0);
  }

  /** One data body lacks every n-th bar. */
  public static Fault dropBars(long every) {
    return data(Kind.DROP_BARS, every, true, 0);
  }

  /** One record count is wrong by so many percent. */
  public static Fault countOff(long percent) {
    return new Fault(Kind.COUNT_OFF, Set.of(COUNT), null, 1, 0, 1, 0, percent, true, 0);
  }

  /** The same fault for so many requests; negative for all. */
  public Fault times(int count) {
    return new Fault(kind, methods, symbol, count, skip, probability, status, at, clean, millis);
  }

  /** The same fault after so many matching requests have passed. */
  public Fault after(int requests) {
    return new Fault(
        kind, methods, symbol, times, requests, probability, status, at, clean, millis);
  }

  /** The same fault for these methods; none for every one. */
  public Fault on(String... names) {
    return new Fault(
        kind, Set.of(names), symbol, times, skip, probability, status, at, clean, millis);
  }

  /** The same fault for requests that name this symbol. */
  public Fault forSymbol(String requested) {
    return new Fault(kind, methods, requested, times, skip, probability, status, at, clean, millis);
  }

  /** The same fault for some requests by chance, for as long as the emulator runs. */
  public Fault withProbability(double chance) {
    return new Fault(kind, methods, symbol, -1, skip, chance, status, at, clean, millis);
  }

  /** The same fault with Retry-After of so many seconds. */
  public Fault retryAfter(int seconds) {
    return new Fault(
        kind, methods, symbol, times, skip, probability, status, seconds, clean, millis);
  }

  /** The same fault, without a proper HTTP end. */
  public Fault unclean() {
    return new Fault(kind, methods, symbol, times, skip, probability, status, at, false, millis);
  }
}
