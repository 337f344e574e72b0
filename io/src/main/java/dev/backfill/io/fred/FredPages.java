package dev.backfill.io.fred;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of {@code fred/series/observations}, one JSON document after the other, observation
 * by observation, and checks that together they are whole: each page begins where the one before
 * ended, has as many observations as it can have, and they all tell the same count. Memory for one
 * observation. Not for several threads.
 */
public final class FredPages implements Closeable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NO_VALUE = ".";

  /** What the page so far says of itself; -1 and null for what it has not said. */
  private long count = -1;

  private long offset = -1;
  private long limit = -1;
  private @Nullable String realtimeStart;
  private @Nullable String realtimeEnd;
  private long inPage;

  /** Of all pages of one real-time period. */
  private long periodCount = -1;

  private long periodRead;
  private long read;
  private long expected;
  private int pages;
  private boolean inList;
  private boolean isAlone;

  private final JsonParser parser;
  private int date;
  private int start;
  private int end;
  private double value;
  private boolean hasValue;

  private FredPages(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Reads one page by itself: what comes before and after it is not asked for here.
   *
   * @param offset where it should begin
   */
  static FredPages page(InputStream in, long offset) throws IOException {
    FredPages page = new FredPages(JSON.createParser(in));
    page.periodRead = offset;
    page.isAlone = true;
    return page;
  }

  /** A landed series: what the service says of it comes before its pages. */
  public record Landed(FredSeries series, FredPages pages) {}

  /**
   * Opens a landed series; to the end of its pages is to the end of the file.
   *
   * @param file as it is in the landing; closed where this fails
   * @throws IOException if it does not begin as one
   */
  public static Landed landed(InputStream file) throws IOException {
    boolean isOpen = false;
    try {
      JsonParser parser = JSON.createParser(new ZstdInputStream(file));
      JsonNode series = parser.readValueAsTree();
      Landed landed = new Landed(FredSeries.of(series), new FredPages(parser));
      isOpen = true;
      return landed;
    } finally {
      if (!isOpen) {
        file.close();
      }
    }
  }

  /**
   * Goes to the next observation, whichever page it is on.
   *
   * @return false at the end of all pages
   * @throws IOException if the pages are not whole, or no pages
   */
  public boolean next() throws IOException {
    while (true) {
      if (inList) {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          observation();
          inPage++;
          return true;
        }
        require(parser.currentToken() == JsonToken.END_ARRAY, "its observations are no list");
        inList = false;
      } else if (!advance()) {
        require(isAlone ? pages == 1 : periodRead == Math.max(0, periodCount), missing());
        return false;
      }
    }
  }

  /** Reads up to the next list of observations, or to the end. */
  private boolean advance() throws IOException {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        beginPage();
      } else if (token == JsonToken.END_OBJECT) {
        endPage();
      } else if (token == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken of = parser.nextToken();
        if (name.equals("observations")) {
          require(of == JsonToken.START_ARRAY, "its observations are no list");
          inList = true;
          return true;
        }
        field(name, of);
      } else {
        throw new IOException("it is no page of observations");
      }
    }
    return false;
  }

  private void field(String name, JsonToken token) throws IOException {
    switch (name) {
      case "count" -> count = number(token);
      case "offset" -> offset = number(token);
      case "limit" -> limit = number(token);
      case "realtime_start" -> realtimeStart = parser.getText();
      case "realtime_end" -> realtimeEnd = parser.getText();
      default -> parser.skipChildren();
    }
  }

  private long number(JsonToken token) throws IOException {
    require(token == JsonToken.VALUE_NUMBER_INT, "a count in it is no number");
    return parser.getLongValue();
  }

  private void beginPage() {
    count = -1;
    offset = -1;
    limit = -1;
    realtimeStart = null;
    realtimeEnd = null;
    inPage = 0;
  }

  private void endPage() throws IOException {
    require(count >= 0 && offset >= 0 && limit > 0, "it does not say its count, offset and limit");
    if (isAlone) {
      periodCount = count;
    } else if (offset == 0) {
      require(periodRead == Math.max(0, periodCount), missing());
      periodCount = count;
      periodRead = 0;
      expected += count;
    }
    require(
        count == periodCount,
        "its pages tell different counts, "
            + periodCount
            + " and "
            + count
            + ": it was changed meanwhile");
    require(offset == periodRead, "a page begins at " + offset + " and not at " + periodRead);
    long full = Math.max(0, Math.min(limit, count - offset));
    require(
        inPage == full,
        "it came incomplete: a page has " + inPage + " observations where it should have " + full);
    periodRead += inPage;
    read += inPage;
    pages++;
  }

  private String missing() {
    return "it came incomplete: " + periodRead + " of " + periodCount + " observations";
  }

  private void observation() throws IOException {
    String day = null;
    String text = null;
    String from = null;
    String to = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "date" -> day = parser.getText();
        case "value" -> text = parser.getText();
        case "realtime_start" -> from = parser.getText();
        case "realtime_end" -> to = parser.getText();
        default -> parser.skipChildren();
      }
    }
    require(day != null && text != null, "an observation has no date or no value");
    date = day(day);
    start = from == null ? Integer.MIN_VALUE : day(from);
    end = to == null ? Integer.MAX_VALUE : day(to);
    hasValue = !NO_VALUE.equals(text);
    if (hasValue) {
      try {
        value = Double.parseDouble(String.valueOf(text));
      } catch (NumberFormatException e) {
        throw new IOException("the value of " + day + " is no number: " + text, e);
      }
    }
  }

  /** Written out, because a formatter would take more time than all the rest. */
  private static int day(@Nullable String text) throws IOException {
    try {
      if (text == null || text.length() != 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
        throw new IOException("a date makes no sense: " + text);
      }
      int year = Integer.parseInt(text, 0, 4, 10);
      int month = Integer.parseInt(text, 5, 7, 10);
      LocalDate date = LocalDate.of(year, month, Integer.parseInt(text, 8, 10, 10));
      return Math.toIntExact(date.toEpochDay());
    } catch (DateTimeException | NumberFormatException e) {
      throw new IOException("a date makes no sense: " + text, e);
    }
  }

  private static void require(boolean holds, String problem) throws IOException {
    if (!holds) {
      throw new IOException(problem);
    }
  }

  /** Days since 1970 of the current observation's period. */
  public int date() {
    return date;
  }

  /** Days since 1970 of the first day on which its value was the known one. */
  public int realtimeStart() {
    return start;
  }

  /** Days since 1970 of the last such day, inclusive. */
  public int realtimeEnd() {
    return end;
  }

  /** The last day that the current page was asked for, days since 1970. */
  public int periodEnd() throws IOException {
    require(realtimeEnd != null, "its period comes after its observations");
    return day(realtimeEnd);
  }

  /** Whether there is a value; FRED says {@code .} where there is none. */
  public boolean hasValue() {
    return hasValue;
  }

  /** The value. */
  public double value() {
    return value;
  }

  /** Observations read so far, those without a value too. */
  public long read() {
    return read + (inList ? inPage : 0);
  }

  /** How many there should be, by the pages seen so far. */
  public long expected() {
    return expected;
  }

  /** Where the next page of the period begins. */
  long nextOffset() {
    return periodRead;
  }

  /** How many observations the period has, as its pages say. */
  long periodCount() {
    return periodCount;
  }

  /** Pages read in full. */
  public int pages() {
    return pages;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
