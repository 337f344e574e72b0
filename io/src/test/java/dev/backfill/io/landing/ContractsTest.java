package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.landing.Contracts.Named;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContractsTest {
  private static final LocalDate START = LocalDate.of(2024, 1, 2);
  private static final LocalDate ROLL = LocalDate.of(2024, 3, 17);
  private static final LocalDate END = LocalDate.of(2024, 4, 1);

  private static Contracts read(String json) throws IOException {
    return Contracts.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static int day(LocalDate date) {
    return (int) date.toEpochDay();
  }

  @Test
  void intervalsAreHalfOpen() throws IOException {
    Contracts contracts =
        read(
            "{\"result\": {\"17077\": [{\"d0\": \"2024-03-17\", \"d1\": \"2024-04-01\", \"s\":"
                + " \"ESM4\"}, {\"d0\": \"2024-01-02\", \"d1\": \"2024-03-17\", \"s\": \"ESH4\"}],"
                + " \"5\": []}, \"status\": 0}");
    assertThat(contracts.lookup(17077, day(START.minusDays(1))), nullValue());
    assertThat(contracts.lookup(17077, day(START)), equalTo("ESH4"));
    assertThat(contracts.lookup(17077, day(ROLL.minusDays(1))), equalTo("ESH4"));
    assertThat(contracts.lookup(17077, day(ROLL)), equalTo("ESM4"));
    assertThat(contracts.lookup(17077, day(END)), nullValue());
    assertThat(contracts.lookup(5, day(START)), nullValue());
    assertThat(contracts.lookup(6, day(START)), nullValue());
  }

  @Test
  void itsJsonIsTheServicesForm() throws IOException {
    Contracts contracts =
        Contracts.of(
            Map.of(
                4_294_967_295L, List.of(new Named(START, END, "BTIC I!")), 5L, List.<Named>of()));
    String json = new String(contracts.json(START, END), StandardCharsets.UTF_8);
    assertThat(
        json,
        equalTo(
            "{\"result\":{\"5\":[],\"4294967295\":[{\"d0\":\"2024-01-02\",\"d1\":\"2024-04-01\","
                + "\"s\":\"BTIC I!\"}]},\"symbols\":[\"5\",\"4294967295\"],"
                + "\"stype_in\":\"instrument_id\",\"stype_out\":\"raw_symbol\","
                + "\"start_date\":\"2024-01-02\",\"end_date\":\"2024-04-01\","
                + "\"not_found\":[\"5\"]}"));
    assertThat(read(json).lookup(4_294_967_295L, day(START)), equalTo("BTIC I!"));
  }

  @Test
  void whatIsNotAnAnswerIsRefused() {
    for (String bad :
        List.of(
            "{}",
            "{\"result\": {\"ES\": []}}",
            "{\"result\": {\"5\": [{\"d0\": \"soon\"}]}}",
            "{\"result\":")) {
      assertThrows(IOException.class, () -> read(bad), bad);
    }
    IOException e = assertThrows(IOException.class, () -> read("{\"result\": {\"ES\": []}}"));
    assertThat(e.getMessage(), containsString("\"ES\""));
  }
}
