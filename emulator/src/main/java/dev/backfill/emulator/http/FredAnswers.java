package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.fred.FredInfo;
import dev.backfill.emulator.fred.FredObservation;
import dev.backfill.emulator.fred.FredWorld;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** FRED's answers as JSON, in the shapes of the real service. */
final class FredAnswers {
  private static final LocalDate EARLIEST = LocalDate.of(1776, 7, 4);
  private static final int MOST_OBSERVATIONS = 100_000;
  private static final int MOST_VINTAGE_DATES = 10_000;

  /** So many vintage dates the real service bears in one request for observations. */
  private static final int VINTAGES_AT_ONCE = 2_000;

  private static final DateTimeFormatter UPDATED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssx", Locale.ROOT);

  private final FredWorld world;

  FredAnswers(FredWorld world) {
    this.world = world;
  }

  /** {@code fred/series}. */
  String series(Params params) throws FredException {
    String id = id(params);
    FredInfo info = world.info(id);
    String today = world.today().toString();
    ObjectNode all = Answers.JSON.createObjectNode();
    all.put("realtime_start", today).put("realtime_end", today);
    String frequency = info.entry().frequency();
    all.putArray("seriess")
        .addObject()
        .put("id", id)
        .put("realtime_start", today)
        .put("realtime_end", today)
        .put("title", info.entry().title())
        .put("observation_start", info.first().toString())
        .put("observation_end", info.last().toString())
        .put("frequency", frequency)
        .put("frequency_short", frequency.substring(0, 1))
        .put("units", info.entry().units())
        .put("units_short", info.entry().units())
        .put(
            "seasonal_adjustment",
            info.isAdjusted() ? "Seasonally Adjusted" : "Not Seasonally Adjusted")
        .put("seasonal_adjustment_short", info.isAdjusted() ? "SA" : "NSA")
        .put("last_updated", UPDATED.format(info.lastUpdated().atZone(FredWorld.ST_LOUIS)))
        .put("popularity", info.popularity())
        .put("notes", "Made up by an emulator.\r\n\"" + info.entry().title() + "\"");
    return all.toString();
  }

  /** {@code fred/series/vintagedates}. */
  String vintageDates(Params params) throws FredException {
    String id = id(params);
    LocalDate start = date(params, "realtime_start", EARLIEST);
    LocalDate end = date(params, "realtime_end", FredWorld.STILL);
    List<LocalDate> days = vintageDates(id, start, end);
    Page page = page(params, MOST_VINTAGE_DATES);
    ObjectNode all = Answers.JSON.createObjectNode();
    all.put("realtime_start", start.toString())
        .put("realtime_end", end.toString())
        .put("order_by", "vintage_date")
        .put("sort_order", "asc")
        .put("count", days.size())
        .put("offset", page.offset())
        .put("limit", page.limit());
    page.of(days).forEach(day -> all.withArray("vintage_dates").add(day.toString()));
    return all.toString();
  }

  private List<LocalDate> vintageDates(String id, LocalDate start, LocalDate end) {
    return world.vintageDates(id).stream()
        .filter(day -> !day.isBefore(start) && !day.isAfter(end))
        .toList();
  }

  /**
   * {@code fred/series/observations}.
   *
   * @param dropEvery every how many observations one is missing from the list, as a fault; 0 for
   *     none
   */
  String observations(Params params, long dropEvery) throws FredException {
    String id = id(params);
    only(params, "output_type", "1");
    only(params, "units", "lin");
    LocalDate start = date(params, "realtime_start", world.today());
    LocalDate end = date(params, "realtime_end", world.today());
    LocalDate from = date(params, "observation_start", EARLIEST);
    LocalDate to = date(params, "observation_end", FredWorld.STILL);
    int vintages = vintageDates(id, start, end).size();
    if (vintages > VINTAGES_AT_ONCE) {
      throw FredException.bad(
          "There are "
              + vintages
              + " vintage dates in the specified real-time period: "
              + start
              + " to "
              + end
              + ".  This exceeds the maximum number of vintage dates allowed (2000).");
    }
    String order = params.text("sort_order", "asc");
    List<FredObservation> found =
        new ArrayList<>(
            world.observations(id, start, end).stream()
                .filter(one -> !one.date().isBefore(from) && !one.date().isAfter(to))
                .toList());
    if (order.equals("desc")) {
      Collections.reverse(found);
    }
    Page page = page(params, MOST_OBSERVATIONS);
    StringBuilder json = new StringBuilder(128 + 96 * Math.min(found.size(), page.limit()));
    json.append("{\"realtime_start\":\"").append(start);
    json.append("\",\"realtime_end\":\"").append(end);
    json.append("\",\"observation_start\":\"").append(from);
    json.append("\",\"observation_end\":\"").append(to);
    json.append("\",\"units\":\"lin\",\"output_type\":1,\"file_type\":\"json\",");
    json.append("\"order_by\":\"observation_date\",\"sort_order\":\"").append(order);
    json.append("\",\"count\":").append(found.size());
    json.append(",\"offset\":").append(page.offset());
    json.append(",\"limit\":").append(page.limit()).append(",\"observations\":[");
    long number = 0;
    char separator = ' ';
    for (FredObservation one : page.of(found)) {
      number++;
      if (dropEvery > 0 && number % dropEvery == 0) {
        continue;
      }
      json.append(separator == ' ' ? "" : ",");
      separator = ',';
      json.append("{\"realtime_start\":\"").append(one.realtimeStart());
      json.append("\",\"realtime_end\":\"").append(one.realtimeEnd());
      json.append("\",\"date\":\"").append(one.date());
      json.append("\",\"value\":\"").append(one.value()).append("\"}");
    }
    return json.append("]}").toString();
  }

  private String id(Params params) throws FredException {
    String id = params.text("series_id");
    if (id == null || id.isEmpty()) {
      throw FredException.bad("Variable series_id is not set.");
    }
    if (!world.has(id)) {
      throw FredException.bad("The series does not exist.");
    }
    return id;
  }

  private static void only(Params params, String name, String value) throws FredException {
    if (!params.text(name, value).equals(value)) {
      throw FredException.bad("This emulator serves " + name + "=" + value + " only.");
    }
  }

  private static LocalDate date(Params params, String name, LocalDate otherwise)
      throws FredException {
    String text = params.text(name);
    try {
      return text == null ? otherwise : LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw FredException.bad(
          "Variable " + name + " is not a YYYY-MM-DD formatted date (e.g. 2000-02-24).");
    }
  }

  private record Page(int limit, int offset) {
    <T> List<T> of(List<T> all) {
      int from = Math.min(offset, all.size());
      return all.subList(from, (int) Math.min((long) from + limit, all.size()));
    }
  }

  private static Page page(Params params, int most) throws FredException {
    int limit = number(params, "limit").orElse(most);
    int offset = number(params, "offset").orElse(0);
    if (limit < 1 || limit > most) {
      throw FredException.bad("Variable limit is not between 1 and " + most + ".");
    }
    return new Page(limit, offset);
  }

  private static Optional<Integer> number(Params params, String name) throws FredException {
    String text = params.text(name);
    if (text == null) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,9}")) {
      throw FredException.bad("Variable " + name + " is not a non-negative integer.");
    }
    return Optional.of(Integer.valueOf(text));
  }
}
