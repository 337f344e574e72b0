package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void resultsAndNotesGoToStreamsOfTheirOwn() {
    Console console = console(Console.Mode.NORMAL, false);
    console.result("rows");
    console.note("hello");
    console.warn("careful");
    assertThat(text(out), is("rows\n"));
    assertThat(text(err), is("hello\nWarning: careful\n"));
  }

  @Test
  void quietKeepsResultsAndWarnings() {
    Console console = console(Console.Mode.QUIET, true);
    console.result("rows");
    console.note("hello");
    console.progress("half");
    console.warn("careful");
    assertThat(text(out), is("rows\n"));
    assertThat(text(err), is("Warning: careful\n"));
  }

  @Test
  void progressIsALineOfItsOwnOutsideATerminal() {
    Console console = console(Console.Mode.NORMAL, false);
    console.progress("1 of 2");
    console.progress("2 of 2");
    console.endProgress();
    assertThat(text(err), is("1 of 2\n2 of 2\n"));
  }

  @Test
  void progressRewritesItsLineOnATerminalAndIsCutToItsWidth() {
    Console console = console(Console.Mode.NORMAL, true);
    console.progress("a long line that is cut");
    console.progress("short");
    console.note("n");
    assertThat(text(err), is("\ra long line" + "\rshort" + " ".repeat(6) + "\r     \rn\n"));
  }

  @Test
  void progressShowsTheLineUntilItIsClosed() throws InterruptedException {
    Console console = console(Console.Mode.NORMAL, true);
    CountDownLatch asked = new CountDownLatch(2);
    try (Progress progress =
        Progress.show(
            console,
            () -> {
              asked.countDown();
              return "at work";
            })) {
      asked.await();
    }
    assertThat(text(err).startsWith("\rat work"), is(true));
    assertThat(text(err).endsWith("\r       \r"), is(true));
  }

  @Test
  void progressIsSteadierOnATerminal() {
    assertThat(Progress.period(console(Console.Mode.NORMAL, true)), is(Duration.ofMillis(200)));
    assertThat(Progress.period(console(Console.Mode.NORMAL, false)), is(Duration.ofSeconds(5)));
  }

  @Test
  void tableRightAlignsNumbersWithSeparators() {
    Table table =
        new Table("table", "rows", "symbol").row("a", 1_234_567L, "ZL").row("bcdefg", 7, "6J");
    assertThat(
        table.render(),
        is(
            String.join(
                System.lineSeparator(),
                "table        rows  symbol",
                "------  ---------  ------",
                "a       1,234,567  ZL",
                "bcdefg          7  6J")));
    assertThat(table.size(), is(2));
  }

  @Test
  void tableRightAlignsDecimalsToo() {
    Table table = new Table("days", "state").row(Table.number(1234.56, 1), "a").row("", "b");
    assertThat(
        table.render(),
        is(
            String.join(
                System.lineSeparator(),
                "   days  state",
                "-------  -----",
                "1,234.6  a",
                "         b")));
  }

  @Test
  void tableRefusesARowOfAnotherWidth() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> new Table("a").row(1, 2)).getMessage(),
        is("A row of 2 cells in a table of 1 columns"));
  }

  private Console console(Console.Mode mode, boolean terminal) {
    return new Console(stream(out), stream(err), mode, false, terminal, 12);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
