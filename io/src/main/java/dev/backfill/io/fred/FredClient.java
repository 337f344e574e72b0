package dev.backfill.io.fred;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.backfill.io.http.PlainGets;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.http.Sleeper;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks FRED, once a call, within the limit of the process. The key stands in the query of what is
 * sent and nowhere else: neither in a message nor in a cause. Thread-safe.
 */
public final class FredClient implements Closeable {
  /** The most observations that the service gives in one answer. */
  public static final int PAGE = 100_000;

  private static final int VINTAGE_DATES = 10_000;
  private static final int MAX_WORDS = 300;
  // What is waited after a 429 that does not say.
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(20);
  private static final Pattern EMULATOR = Pattern.compile("market=([^;]+);\\s*seed=(.+)");
  private static final JsonMapper JSON = new JsonMapper();

  /** An answer as it was sent, and what it says. */
  public static final class SeriesAnswer {
    private final FredSeries series;
    private final byte[] body;

    private SeriesAnswer(FredSeries series, byte[] body) {
      this.series = series;
      this.body = body;
    }

    /** What it says. */
    public FredSeries series() {
      return series;
    }

    /** The bytes as they were sent; the caller's. */
    public byte[] body() {
      return body;
    }
  }

  private final FredKey key;
  private final PlainGets gets;
  private final FredLimit limit;
  private final Sleeper sleeper;
  private final Clock clock;

  private FredClient(FredKey key, PlainGets gets, FredLimit limit, Sleeper sleeper, Clock clock) {
    this.key = key;
    this.gets = gets;
    this.limit = limit;
    this.sleeper = sleeper;
    this.clock = clock;
  }

  /**
   * Makes a client: reads the key, the CA file and the proxies of the environment. Sends nothing.
   *
   * @throws dev.backfill.io.http.ApiSettingsException if one of them is missing or wrong
   */
  public static FredClient connect(FredOptions options) {
    return connect(options, Sleeper.SYSTEM, Clock.systemUTC(), System::getenv);
  }

  static FredClient connect(
      FredOptions options,
      Sleeper sleeper,
      Clock clock,
      UnaryOperator<@Nullable String> environment) {
    FredKey key = options.keySource().read(environment);
    PlainGets gets = PlainGets.connect(options.http(), clock, environment);
    FredLimit limit = FredLimit.of(gets.origin(), options.perMinute());
    return new FredClient(key, gets, limit, sleeper, clock);
  }

  /**
   * Who answers: {@code emulator:<market>:<seed>} for an emulator, else scheme and host. Sends no
   * key.
   */
  public String origin() throws IOException {
    limit.acquire(sleeper, clock);
    PlainGets.Reply reply = gets.get("GET /fred/", "/fred/");
    String emulator = reply.emulator();
    if (emulator == null) {
      return gets.origin();
    }
    Matcher parts = EMULATOR.matcher(emulator);
    if (!parts.matches()) {
      throw ServiceConnectionException.lasting(
          "The emulator at " + gets.origin() + " does not say its market and seed", null);
    }
    return "emulator:" + parts.group(1) + ":" + parts.group(2);
  }

  /**
   * What the service says of a series.
   *
   * @throws FredApiException if it refuses; see {@link FredApiException#isUnknownSeries}
   */
  public SeriesAnswer series(String id) throws IOException {
    String what = "fred/series of " + id;
    byte[] body = get(what, "/fred/series?series_id=" + encoded(id));
    try {
      FredSeries series = FredSeries.of(JSON.readTree(body));
      if (!series.id().equals(id)) {
        throw new IOException("it is about " + series.id());
      }
      return new SeriesAnswer(series, body);
    } catch (IOException e) {
      throw unusable(what, e);
    }
  }

  /** The days on which something of a series was published or revised, the oldest first. */
  public List<LocalDate> vintageDates(String id) throws IOException {
    String what = "fred/series/vintagedates of " + id;
    List<LocalDate> days = new ArrayList<>();
    int count;
    do {
      byte[] body =
          get(
              what,
              "/fred/series/vintagedates?series_id="
                  + encoded(id)
                  + "&limit="
                  + VINTAGE_DATES
                  + "&offset="
                  + days.size());
      int before = days.size();
      try {
        JsonNode answer = JSON.readTree(body);
        count = answer.path("count").asInt(-1);
        answer.path("vintage_dates").forEach(day -> days.add(LocalDate.parse(day.asText())));
      } catch (JsonProcessingException | java.time.DateTimeException e) {
        throw unusable(what, e);
      }
      if (count < 0 || (days.size() == before && before < count)) {
        throw unusable(what, new IOException("it has " + days.size() + " of " + count + " dates"));
      }
    } while (days.size() < count);
    return days;
  }

  /**
   * One page of a series' observations, as it was sent.
   *
   * @param realtime the days whose knowledge is asked for; null for today's
   * @param offset from 0
   * @param limit at most so many observations, up to {@link #PAGE}
   */
  public byte[] observations(String id, @Nullable RealTime realtime, long offset, int limit)
      throws IOException {
    String period =
        realtime == null
            ? ""
            : "&realtime_start=" + realtime.start() + "&realtime_end=" + realtime.end();
    return get(
        observationsOf(id),
        "/fred/series/observations?series_id="
            + encoded(id)
            + period
            + "&limit="
            + limit
            + "&offset="
            + offset);
  }

  static String observationsOf(String id) {
    return "fred/series/observations of " + id;
  }

  /** An answer that cannot be read: another attempt may bring a whole one. */
  ServiceConnectionException unusable(String what, Exception why) {
    return ServiceConnectionException.passing(
        key.scrub("The answer to " + what + " cannot be used: " + words(why)), null);
  }

  private static String words(Exception why) {
    return why instanceof JsonProcessingException
        ? "it is cut or damaged"
        : String.valueOf(why.getMessage());
  }

  private byte[] get(String what, String pathAndQuery) throws IOException {
    limit.acquire(sleeper, clock);
    PlainGets.Reply reply;
    try {
      reply = gets.get(what, pathAndQuery + "&file_type=json&" + key.query());
    } catch (IOException e) {
      if (!key.isIn(e)) {
        throw e;
      }
      // Whoever prints it with its causes would print the key.
      boolean mayPass = !(e instanceof ServiceConnectionException broken) || broken.isRetryable();
      String message = key.scrub(String.valueOf(e.getMessage()));
      throw mayPass
          ? ServiceConnectionException.passing(message, null)
          : ServiceConnectionException.lasting(message, null);
    }
    if (reply.status() == 200) {
      return reply.body();
    }
    Duration wait = reply.retryAfter();
    if (reply.status() == 429) {
      wait = wait == null ? DEFAULT_RETRY_AFTER : wait;
      limit.pause(wait, clock);
    }
    throw FredApiException.of(what, reply.status(), key.scrub(refusal(reply.body())), wait);
  }

  /** The service's own words; a gateway's page is reduced to its text. */
  private static String refusal(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      JsonNode words = JSON.readTree(body).path("error_message");
      if (words.isTextual()) {
        text = words.textValue();
      }
    } catch (IOException e) {
      text = text.replaceAll("<[^>]*>", " ");
    }
    String plain = text.strip().replaceAll("\\s+", " ");
    return plain.length() > MAX_WORDS ? plain.substring(0, MAX_WORDS) + "…" : plain;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    gets.close();
  }
}
