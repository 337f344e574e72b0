package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code backfill}, with a Java that prints what it is started with. */
class LauncherTest {
  private static final String ENDS = "-XX:+ExitOnOutOfMemoryError";

  @TempDir Path home;

  @BeforeEach
  void build() throws IOException {
    Files.copy(Path.of("..", "backfill"), home.resolve("backfill"));
    Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true), equalTo(true));
    Path app = Files.createDirectories(home.resolve("app/tmp")).getParent();
    Files.createFile(app.resolve("java.args"));
    Path builds = Files.createDirectories(home.resolve("pipelines/target/launcher"));
    Files.writeString(builds.resolve("current"), app + "\n" + java + "\n");
  }

  private List<String> started(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", home.resolve("backfill").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().remove("BACKFILL_HEAP");
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said, process.waitFor(), equalTo(0));
    return said.lines().toList();
  }

  @Test
  void theEmulatedMarketHasMoreMemoryAndEndsWhenThatIsNotEnough() throws Exception {
    for (String command : List.of("emulator", "demo")) {
      List<String> started = started(Map.of(), command, "--json");
      assertThat(started, hasItem("-Xmx400m"));
      assertThat(started, hasItem(ENDS));
      assertThat(
          started,
          hasItem(
              "-XX:OnOutOfMemoryError=echo 'backfill: Java is out of memory, so this ends: give it"
                  + " more than 400m, like BACKFILL_HEAP=800m' >&2"));
      assertThat(started.get(started.size() - 2), equalTo(command));
    }
    List<String> own = started(Map.of("BACKFILL_HEAP", "640m"), "emulator");
    assertThat(own, hasItem("-Xmx640m"));
    assertThat(String.join(" ", own), containsString("give it more than 640m, like"));
  }

  @Test
  void otherCommandsHaveWhatTheyHad() throws Exception {
    List<String> started = started(Map.of(), "plan", "daily-futures", "--db", "emulator");
    assertThat(started, hasItem("-Xmx160m"));
    assertThat(started, not(hasItem(ENDS)));
    assertThat(
        started.subList(started.size() - 5, started.size()),
        equalTo(
            List.of("dev.backfill.pipelines.Main", "plan", "daily-futures", "--db", "emulator")));
  }
}
