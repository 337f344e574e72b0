package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service takes its key only in the query: whatever fails, it is found nowhere else. */
class FredKeyTest {
  private static final String DATA = "fred/series/observations";

  @TempDir Path folder;

  @Test
  void whatAFailingRunSaysAndWritesDoesNotHoldTheKey() throws Exception {
    String key = "0123456789abcdef0123456789abcdef";
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder().fredKey(key))) {
      desk.emulator.faults().add(Fault.reset(0).on(DATA).forSymbol("PPIFGS"));
      desk.emulator.faults().add(Fault.reset(2_000).on(DATA).forSymbol("GASREGW"));
      desk.emulator.faults().add(Fault.status(400).on(DATA).forSymbol("STLFSI").times(-1));
      try (CliProcess program = CliProcess.ofFred(desk, "PPIFGS,GASREGW,STLFSI,NOSUCH", key)) {
        assertThat(program.awaitEnd(), is(3));
        assertThat(program.said(), containsString("HTTP 400"));
        assertThat(program.said(), not(containsString(key)));
      }
      assertThat(filesWith(key), is(0));
      assertThat(filesWith(DATA), is(greaterThan(1)));
    }
  }

  private int filesWith(String text) throws IOException {
    int with = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          with++;
        }
      }
    }
    return with;
  }

  @Test
  void aKeyThatFredDoesNotKnowEndsTheRunAtOnce() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      String wrong = "ffffffffffffffffffffffffffffffff";
      Job job = Fred.job("my-series", Fred.OBSERVATIONS, List.of("PPIFGS"), Fred.TABLE, true);
      desk.api();
      Files.writeString(folder.resolve("fred-key.txt"), wrong);
      assertThat(desk.run(job), is(2));
      assertThat(
          desk.said(),
          allOf(
              containsString("api_key is not registered"),
              containsString(". Check FRED_API_KEY or --fred-key-file"),
              not(containsString("..")),
              not(containsString(wrong))));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }
}
