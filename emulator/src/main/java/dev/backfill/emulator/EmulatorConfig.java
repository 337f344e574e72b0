package dev.backfill.emulator;

import dev.backfill.emulator.http.Fault;
import dev.backfill.emulator.market.Dataset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the emulator behaves. Built by {@link #builder}; immutable.
 *
 * @param port 0 for a free one
 * @param tls whether it speaks HTTPS with a certificate of its own
 * @param seed of the market
 * @param clock what time it is there
 * @param keys the accounts by key
 * @param fredKeys the keys that FRED knows
 * @param faults faults from the start
 * @param faultSeed decides which requests a fault with a probability hits
 * @param rateLimitFactor times the documented limits; 0 for no limits
 * @param dbnVersion 1, 2 or 3
 * @param recordsPerFrame records in one zstd frame; 0 for one frame in all
 * @param zstdLevel 1 to 22
 * @param delayUnlicensed age of the newest data for keys without a live licence
 * @param delayLicensed the same with one
 * @param unitPrices US dollars for 2^30 bytes by schema
 * @param gatewayLimit symbols × days × bars a day above which get_range answers 504; 0 for none
 * @param latency wait before each answer
 * @param bytesPerSecond most bytes a second of one data answer; 0 for no limit
 * @param cacheBytes memory for the market's bars
 * @param answerCacheBytes memory for compressed answers
 * @param withoutContinuous datasets in which no continuous symbol resolves
 */
public record EmulatorConfig(
    int port,
    boolean tls,
    long seed,
    EmulatorClock clock,
    Map<String, KeyRights> keys,
    Set<String> fredKeys,
    List<Fault> faults,
    long faultSeed,
    double rateLimitFactor,
    int dbnVersion,
    int recordsPerFrame,
    int zstdLevel,
    Duration delayUnlicensed,
    Duration delayLicensed,
    Map<String, Double> unitPrices,
    long gatewayLimit,
    Duration latency,
    long bytesPerSecond,
    long cacheBytes,
    long answerCacheBytes,
    Set<Dataset> withoutContinuous) {

  /** A key that works unless others are configured. */
  public static final String DEFAULT_KEY = "db-emulator000000000000000000000";

  /** A key that works for FRED unless others are configured. */
  public static final String DEFAULT_FRED_KEY = "emulator000000000000000000000000";

  /** Symbols × days × bars a day that the real gateway was seen to bear, roughly. */
  public static final long USUAL_GATEWAY_LIMIT = 3_000_000;

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds an {@link EmulatorConfig}; each method sets the value of that name. */
  public static final class Builder {
    private int port;
    private boolean tls;
    private long seed = 1;
    private EmulatorClock clock = EmulatorClock.real();
    private final Map<String, KeyRights> keys = new LinkedHashMap<>();
    private final Set<String> fredKeys = new LinkedHashSet<>();
    private final List<Fault> faults = new ArrayList<>();
    private long faultSeed = 1;
    private double rateLimitFactor = 1;
    private int dbnVersion = 3;
    private int recordsPerFrame;
    private int zstdLevel = 1;
    private Duration delayUnlicensed = Duration.ofHours(8);
    private Duration delayLicensed = Duration.ofMinutes(20);
    private final Map<String, Double> unitPrices =
        new LinkedHashMap<>(
            Map.of(
                "ohlcv-1s", 85.0,
                "ohlcv-1m", 85.0,
                "ohlcv-1h", 190.0,
                "ohlcv-1d", 190.0,
                "definition", 5.0,
                "statistics", 11.0));
    private long gatewayLimit;
    private Duration latency = Duration.ZERO;
    private long bytesPerSecond;
    private long cacheBytes = 128L << 20;
    private long answerCacheBytes = 64L << 20;
    private Set<Dataset> withoutContinuous = Set.of();

    private Builder() {}

    /** The port on 127.0.0.1; 0 for a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** HTTPS. */
    public Builder tls(boolean value) {
      tls = value;
      return this;
    }

    /** Seed of the market. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** The emulator's time. */
    public Builder clock(EmulatorClock value) {
      clock = value;
      return this;
    }

    /** Adds a key; the default key exists only while no key is added. */
    public Builder key(String key, KeyRights rights) {
      keys.put(key, rights);
      return this;
    }

    /** Adds a key of FRED; the default key exists only while no key is added. */
    public Builder fredKey(String key) {
      fredKeys.add(key);
      return this;
    }

    /** Adds a fault. */
    public Builder fault(Fault fault) {
      faults.add(fault);
      return this;
    }

    /** Seed of the faults' probabilities. */
    public Builder faultSeed(long value) {
      faultSeed = value;
      return this;
    }

    /** Factor on the documented request rates; 0 for none. */
    public Builder rateLimitFactor(double value) {
      rateLimitFactor = value;
      return this;
    }

    /** DBN version 1 to 3. */
    public Builder dbnVersion(int value) {
      if (value < 1 || value > 3) {
        throw new IllegalArgumentException("DBN version " + value + " is not in 1 to 3");
      }
      dbnVersion = value;
      return this;
    }

    /** Records in each zstd frame; 0 for one frame. */
    public Builder recordsPerFrame(int value) {
      recordsPerFrame = value;
      return this;
    }

    /** Compression level. */
    public Builder zstdLevel(int value) {
      zstdLevel = value;
      return this;
    }

    /** Age of the newest data without a live licence. */
    public Builder delayUnlicensed(Duration value) {
      delayUnlicensed = value;
      return this;
    }

    /** Age of the newest data with a live licence. */
    public Builder delayLicensed(Duration value) {
      delayLicensed = value;
      return this;
    }

    /** Price of a schema in US dollars for 2^30 bytes. */
    public Builder unitPrice(String schema, double dollars) {
      unitPrices.put(schema, dollars);
      return this;
    }

    /** Largest request before the gateway gives up; 0 for none. */
    public Builder gatewayLimit(long value) {
      gatewayLimit = value;
      return this;
    }

    /** Wait before each answer. */
    public Builder latency(Duration value) {
      latency = value;
      return this;
    }

    /** Most bytes a second of one data answer. */
    public Builder bytesPerSecond(long value) {
      bytesPerSecond = value;
      return this;
    }

    /** Memory for bars. */
    public Builder cacheBytes(long value) {
      cacheBytes = value;
      return this;
    }

    /** Memory for compressed answers; 0 to make each answer anew. */
    public Builder answerCacheBytes(long value) {
      answerCacheBytes = value;
      return this;
    }

    /** Datasets in which no continuous symbol resolves; whether Cboe's do is not known. */
    public Builder withoutContinuous(Dataset... datasets) {
      withoutContinuous = Set.of(datasets);
      return this;
    }

    /** The configuration. */
    public EmulatorConfig build() {
      if (keys.isEmpty()) {
        keys.put(DEFAULT_KEY, KeyRights.of("GLBX.MDP3"));
      }
      if (fredKeys.isEmpty()) {
        fredKeys.add(DEFAULT_FRED_KEY);
      }
      return new EmulatorConfig(
          port,
          tls,
          seed,
          clock,
          Map.copyOf(keys),
          Set.copyOf(fredKeys),
          List.copyOf(faults),
          faultSeed,
          rateLimitFactor,
          dbnVersion,
          recordsPerFrame,
          zstdLevel,
          delayUnlicensed,
          delayLicensed,
          Map.copyOf(unitPrices),
          gatewayLimit,
          latency,
          bytesPerSecond,
          cacheBytes,
          answerCacheBytes,
          withoutContinuous);
    }
  }
}
