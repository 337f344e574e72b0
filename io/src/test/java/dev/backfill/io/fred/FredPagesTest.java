package dev.backfill.io.fred;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FredPagesTest {
  private static final String FIRST = FredFixture.page(3, 0, 2, "2024-01-01 1.5", "2024-02-01 .");
  private static final String SECOND = FredFixture.page(3, 2, 2, "2024-03-01 -36.98");

  private static byte[] landed(String... documents) {
    String text = FredFixture.series("GDP") + "\n" + String.join("\n", documents);
    return Zstd.compress(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] file) throws IOException {
    List<String> rows = new ArrayList<>();
    FredPages.Landed opened = FredPages.landed(new ByteArrayInputStream(file));
    try (FredPages pages = opened.pages()) {
      assertThat(opened.series().id(), is("GDP"));
      while (pages.next()) {
        rows.add(
            LocalDate.ofEpochDay(pages.date())
                + " "
                + (pages.hasValue() ? String.valueOf(pages.value()) : "none"));
      }
      assertThat(pages.read(), is((long) rows.size()));
      assertThat(pages.expected(), is((long) rows.size()));
    }
    return rows;
  }

  private static String problem(String... documents) {
    return String.valueOf(
        assertThrows(IOException.class, () -> read(landed(documents))).getMessage());
  }

  @Test
  void pagesAreReadOneAfterTheOther() throws IOException {
    assertThat(
        read(landed(FIRST, SECOND)),
        contains("2024-01-01 1.5", "2024-02-01 none", "2024-03-01 -36.98"));
    assertThat(read(landed(FredFixture.page(0, 0, 100))), is(List.of()));
  }

  @Test
  void severalPeriodsAreReadOneAfterTheOther() throws IOException {
    String other = FredFixture.page(1, 0, 2, "2024-01-01 2");
    assertThat(read(landed(FIRST, SECOND, other)).size(), is(4));
  }

  @Test
  void whatIsNotWholeIsRefused() {
    assertThat(problem(FIRST), is("it came incomplete: 2 of 3 observations"));
    assertThat(problem(SECOND), containsString("its pages tell different counts"));
    assertThat(problem(FIRST, SECOND, SECOND), is("a page begins at 2 and not at 3"));
    assertThat(
        problem(FredFixture.page(3, 0, 100, "2024-01-01 1.5")),
        is("it came incomplete: a page has 1 observations where it should have 3"));
    assertThat(
        problem(FIRST, FredFixture.page(4, 2, 2, "2024-03-01 1", "2024-04-01 1")),
        containsString("different counts, 3 and 4: it was changed meanwhile"));
    assertThat(problem(FIRST, FIRST), is("it came incomplete: 2 of 3 observations"));
    assertThat(problem("{\"observations\":[]}"), is("it does not say its count, offset and limit"));
    assertThat(
        problem(FredFixture.page(1, 0, 2, "2024-13-01 1")),
        is("a date makes no sense: 2024-13-01"));
    assertThat(
        problem(FredFixture.page(1, 0, 2, "2024-03-01 n/a")),
        is("the value of 2024-03-01 is no number: n/a"));
  }

  @Test
  void aFileThatIsCutAnywhereIsRefused() {
    byte[] whole = landed(FIRST, SECOND);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(IOException.class, () -> read(cut), "cut at " + length);
    }
  }

  @Test
  void aPageThatIsCutAnywhereIsRefused() {
    byte[] whole = FIRST.getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(
          IOException.class,
          () -> {
            try (FredPages page = FredPages.page(new ByteArrayInputStream(cut), 0)) {
              while (page.next()) {
                // To its end.
              }
            }
          },
          "cut at " + length);
    }
  }

  @Test
  void periodsAreCutWhereTheServiceWouldRefuse() {
    List<LocalDate> vintages = new ArrayList<>();
    for (int i = 0; i < 4_001; i++) {
      vintages.add(LocalDate.of(2000, 1, 1).plusDays(i));
    }
    assertThat(
        RealTime.all(vintages),
        contains(
            new RealTime(LocalDate.of(1776, 7, 4), vintages.get(1_999)),
            new RealTime(vintages.get(2_000), vintages.get(3_999)),
            new RealTime(vintages.get(4_000), LocalDate.of(9999, 12, 31))));
    assertThat(
        RealTime.all(vintages.subList(0, 2_000)),
        contains(new RealTime(LocalDate.of(1776, 7, 4), LocalDate.of(9999, 12, 31))));
  }
}
