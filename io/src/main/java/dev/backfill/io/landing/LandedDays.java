package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the service said of a dataset's days when they were asked for, kept beside the answers: a
 * database that is made again from the landing knows by it which days were not final. Immutable.
 *
 * @param first UTC date, inclusive
 * @param last UTC date, inclusive
 * @param seenAt when it said so
 * @param days in order; a day within the range of which it said nothing is not in it
 */
public record LandedDays(LocalDate first, LocalDate last, Instant seenAt, List<Day> days) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The service's word on one day.
   *
   * @param condition available, degraded, pending or missing
   * @param lastModified the date of its newest change, where it is told
   */
  public record Day(LocalDate date, String condition, @Nullable LocalDate lastModified) {}

  /** Copies the list. */
  public LandedDays {
    days = List.copyOf(days);
  }

  byte[] json() throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("first", first.toString()).put("last", last.toString());
    node.put("seen_at", seenAt.toString());
    var list = node.putArray("days");
    for (Day day : days) {
      ObjectNode one = list.addObject().put("date", day.date().toString());
      one.put("condition", day.condition());
      LocalDate modified = day.lastModified();
      one.put("last_modified_date", modified == null ? null : modified.toString());
    }
    return JSON.writeValueAsBytes(node);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IOException if it is something else
   */
  static LandedDays read(byte[] json) throws IOException {
    try {
      JsonNode node = JSON.readTree(json);
      List<Day> days = new ArrayList<>();
      for (JsonNode one : node.path("days")) {
        JsonNode modified = one.path("last_modified_date");
        days.add(
            new Day(
                LocalDate.parse(one.path("date").asText()),
                one.path("condition").asText(),
                modified.isTextual() ? LocalDate.parse(modified.asText()) : null));
      }
      return new LandedDays(
          LocalDate.parse(node.path("first").asText()),
          LocalDate.parse(node.path("last").asText()),
          Instant.parse(node.path("seen_at").asText()),
          days);
    } catch (DateTimeException e) {
      throw new IOException("it is not what was said of days: " + e.getMessage(), e);
    }
  }

  /** All of it together: of each day what was said last. The list is in order of time. */
  static LandedDays newest(List<LandedDays> said) {
    TreeMap<LocalDate, Day> days = new TreeMap<>();
    LandedDays all = said.get(0);
    for (LandedDays one : said) {
      days.subMap(one.first(), true, one.last(), true).clear();
      one.days().forEach(day -> days.put(day.date(), day));
      all =
          new LandedDays(
              one.first().isBefore(all.first()) ? one.first() : all.first(),
              one.last().isAfter(all.last()) ? one.last() : all.last(),
              one.seenAt(),
              List.of());
    }
    return new LandedDays(all.first(), all.last(), all.seenAt(), List.copyOf(days.values()));
  }
}
