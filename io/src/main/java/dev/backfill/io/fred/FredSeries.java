package dev.backfill.io.fred;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What FRED says of a series.
 *
 * @param observationStart date of its first observation
 * @param observationEnd date of its last
 * @param lastUpdated when the service last changed something of it
 */
public record FredSeries(
    String id,
    @Nullable String title,
    @Nullable String frequency,
    @Nullable String units,
    @Nullable String seasonalAdjustment,
    @Nullable LocalDate observationStart,
    @Nullable LocalDate observationEnd,
    Instant lastUpdated,
    @Nullable Integer popularity,
    @Nullable String notes) {
  private static final DateTimeFormatter UPDATED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssx", Locale.ROOT);

  /**
   * Reads an answer of {@code fred/series}.
   *
   * @throws IOException if it is none
   */
  static FredSeries of(@Nullable JsonNode answer) throws IOException {
    if (answer == null) {
      throw new IOException("it is empty");
    }
    JsonNode one = answer.path("seriess").path(0);
    String id = text(one, "id");
    String updated = text(one, "last_updated");
    if (id == null || updated == null) {
      throw new IOException("it is no answer of fred/series: it has no id or no last_updated");
    }
    try {
      JsonNode popularity = one.path("popularity");
      return new FredSeries(
          id,
          text(one, "title"),
          text(one, "frequency"),
          text(one, "units"),
          text(one, "seasonal_adjustment"),
          date(one, "observation_start"),
          date(one, "observation_end"),
          OffsetDateTime.parse(updated, UPDATED).toInstant(),
          popularity.isIntegralNumber() ? (Integer) popularity.intValue() : null,
          text(one, "notes"));
    } catch (DateTimeException e) {
      throw new IOException(
          "a time in the answer of fred/series makes no sense: " + e.getMessage());
    }
  }

  private static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isTextual() ? value.textValue() : null;
  }

  private static @Nullable LocalDate date(JsonNode node, String name) {
    String text = text(node, name);
    return text == null ? null : LocalDate.parse(text);
  }

  /** Whether the service says that it has ended. */
  public boolean isDiscontinued() {
    return title != null && title.contains("(DISCONTINUED)");
  }

  /** About how many observations it has, by its span and frequency. */
  public long estimatedObservations() {
    if (observationStart == null || observationEnd == null) {
      return 0;
    }
    long days = observationEnd.toEpochDay() - observationStart.toEpochDay() + 1;
    String often = frequency == null ? "" : frequency;
    double perDay =
        often.startsWith("Daily, 7")
            ? 1
            : often.startsWith("Daily")
                ? 5 / 7.0
                : often.startsWith("Weekly")
                    ? 1 / 7.0
                    : often.startsWith("Biweekly")
                        ? 1 / 14.0
                        : often.startsWith("Quarterly")
                            ? 1 / 91.0
                            : often.startsWith("Annual") ? 1 / 365.0 : 1 / 30.4;
    return Math.max(1, Math.round(days * perDay));
  }
}
