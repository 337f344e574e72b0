package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestJournalTest {
  private static final String METHOD = "timeseries.get_range";

  @TempDir Path folder;
  private LandingArea landing;

  @BeforeEach
  void open() {
    landing = LandingArea.at(folder.toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("journal"))) {
      return all.sorted().toList();
    }
  }

  private static RequestEntry sent(RequestJournal journal, String run, int attempt)
      throws IOException {
    return journal.sent(
        run, "c1", "emulator:m:1", METHOD, attempt, 1_000_000_000L + attempt, null, null);
  }

  @Test
  void theLineIsThereBeforeTheRequestEnds() throws IOException {
    try (RequestJournal journal = landing.journal()) {
      RequestEntry entry = sent(journal, "run-1", 1);
      assertThat(
          Files.readString(files().get(0)),
          equalTo(
              "{\"request_no\":\""
                  + entry.requestNo()
                  + "\",\"run_id\":\"run-1\",\"chunk_id\":\"c1\",\"api_origin\":\"emulator:m:1\","
                  + "\"method\":\"timeseries.get_range\",\"attempt\":1,"
                  + "\"started_at\":\"1970-01-01T00:00:01.000000001Z\",\"seconds\":null,"
                  + "\"http_status\":null,\"outcome\":\"sent\",\"request_id\":null,"
                  + "\"bytes_received\":null,\"billable_bytes\":null,"
                  + "\"cost_estimate_usd\":null}\n"));
      assertThat(landing.requests(), contains(entry.withOutcome(RequestEntry.UNKNOWN)));
    }
  }

  @Test
  void bothLinesBecomeOneEntry() throws IOException {
    try (RequestJournal journal = landing.journal()) {
      RequestEntry first = sent(journal, "run-1", 1);
      RequestEntry second = sent(journal, "run-1", 2);
      RequestEntry cut = first.ended(RequestEntry.CUT, 1.5, 200, "req-1", 100, 560, 0.01);
      RequestEntry failed = second.ended(RequestEntry.FAILED, 0.25, 0, "", 0, 0, 0);
      journal.ended(failed);
      journal.ended(cut);
      assertThat(landing.requests(), contains(cut, failed));
      assertThat(failed.httpStatus(), equalTo(null));
      assertThat(first.requestNo(), not(equalTo(second.requestNo())));
    }
  }

  @Test
  void aTornLastLineIsPassedOver() throws IOException {
    RequestEntry first;
    try (RequestJournal journal = landing.journal()) {
      first = sent(journal, "run-1", 1).ended(RequestEntry.OK, 1, 200, "r", 1, 2, 3);
      journal.ended(first);
      sent(journal, "run-1", 2);
    }
    Path file = files().get(0);
    String whole = Files.readString(file);
    int lastLine = whole.lastIndexOf('\n', whole.length() - 2) + 1;
    for (int length = lastLine; length < whole.length() - 2; length += 9) {
      Files.writeString(file, whole.substring(0, length));
      assertThat("cut to " + length, landing.requests(), contains(first));
    }
  }

  @Test
  void eachProcessAndRunHasItsFile() throws IOException {
    try (RequestJournal one = landing.journal();
        RequestJournal other = landing.journal()) {
      sent(one, "run-1", 1);
      sent(one, "run-1", 2);
      sent(other, "run-1", 3);
      sent(one, "run-1-b", 4);
      assertThat(files(), hasSize(3));
      assertThat(landing.requests(), hasSize(4));
      assertThat(landing.requests("run-1"), hasSize(3));
      assertThat(landing.requests("run-1-b"), hasSize(1));
      assertThat(landing.requests("run"), empty());
    }
  }

  @Test
  void severalRunsAreReadTogetherAndNoOthers() throws IOException {
    for (LandingArea area :
        List.of(landing, LandingArea.at("memory://runs-" + folder.getFileName()))) {
      try (RequestJournal journal = area.journal()) {
        RequestEntry late = sent(journal, "run-1", 9).withOutcome(RequestEntry.UNKNOWN);
        RequestEntry early = sent(journal, "run-1-b", 1).withOutcome(RequestEntry.UNKNOWN);
        sent(journal, "run-2", 2);
        assertThat(area.requestsOf(List.of("run-1", "run-1-b", "run-1")), contains(early, late));
        assertThat(area.requestsOf(Set.of("run-1")), contains(late));
        assertThat(area.requestsOf(List.of("run", "never")), empty());
        assertThat(area.requestsOf(List.of()), empty());
      }
    }
  }

  @Test
  void filesOfOtherRunsAreNotRead() throws IOException {
    try (RequestJournal journal = landing.journal()) {
      sent(journal, "run-1", 1);
      Files.createDirectory(folder.resolve("journal/run-2-unreadable.jsonl"));
      assertThat(landing.requestsOf(List.of("run-1")), hasSize(1));
      assertThrows(IOException.class, () -> landing.requests());
    }
  }

  @Test
  void severalThreadsWriteWholeLines() throws IOException {
    try (RequestJournal journal = landing.journal()) {
      List<IOException> failures =
          IntStream.range(0, 100)
              .parallel()
              .mapToObj(
                  i -> {
                    try {
                      journal.ended(
                          sent(journal, "run-1", i).ended(RequestEntry.OK, 1, 200, "", 1, 1, 1));
                      return Stream.<IOException>empty();
                    } catch (IOException e) {
                      return Stream.of(e);
                    }
                  })
              .flatMap(s -> s)
              .toList();
      assertThat(failures, empty());
    }
    assertThat(landing.requests(), hasSize(100));
    assertThat(
        landing.requests().stream().allMatch(e -> e.outcome().equals(RequestEntry.OK)),
        equalTo(true));
  }

  @Test
  void strangeLinesDoNotHideOthers() throws IOException {
    try (RequestJournal journal = landing.journal()) {
      sent(journal, "run-1", 1);
      Files.writeString(
          files().get(0), "[1]\n{\"request_no\":\"x\"}\n\n", StandardOpenOption.APPEND);
      sent(journal, "run-1", 2);
    }
    assertThat(landing.requests(), hasSize(2));
  }

  @Test
  void aRunIdThatIsNoNameIsRefused() throws IOException {
    try (RequestJournal journal = landing.journal()) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> sent(journal, "../run", 1));
      assertThat(e.getMessage(), containsString("run_id \"../run\""));
    }
  }

  @Test
  void whereNothingCanBeAppendedEachLineIsAnObject() throws IOException {
    LandingArea elsewhere = LandingArea.at("memory://journal-" + folder.getFileName());
    try (RequestJournal journal = elsewhere.journal()) {
      RequestEntry first = sent(journal, "run-1", 1);
      RequestEntry second = sent(journal, "run-1", 2);
      RequestEntry ended = first.ended(RequestEntry.OK, 1, 200, "r", 1, 2, 3);
      journal.ended(ended);
      assertThat(elsewhere.requests(), contains(ended, second.withOutcome(RequestEntry.UNKNOWN)));
    }
  }
}
