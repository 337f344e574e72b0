package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmulatorCommandTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void servesWithTheKeyThatItPrintsUntilItIsInterrupted() throws Exception {
    Lines out = new Lines();
    AtomicInteger code = new AtomicInteger(-1);
    Thread serving =
        new Thread(
            () ->
                code.set(
                    execute(
                        out,
                        "emulator",
                        "--port=0",
                        "--now=2025-12-16",
                        "--json",
                        "--datasets=GLBX.MDP3,OPRA.PILLAR",
                        "--fault=status:status=500,methods=metadata.list_schemas")));
    serving.start();
    try {
      JsonNode facts = new ObjectMapper().readTree(out.next());
      assertThat(facts.get("ca_file").isNull(), is(true));
      assertThat(ask(facts, "/v0/metadata.list_datasets"), containsString("200 "));
      assertThat(ask(facts, "/control/faults"), containsString("STATUS"));
    } finally {
      serving.interrupt();
      serving.join(TimeUnit.SECONDS.toMillis(20));
    }
    assertThat(code.get(), is(ExitCodes.OK));
  }

  @Test
  void aPortInUseIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      int code = execute(new Lines(), "emulator", "--port=" + taken.getLocalPort());
      assertThat(code, is(ExitCodes.USAGE));
      assertThat(
          err.toString(StandardCharsets.UTF_8),
          is(
              "The emulator cannot serve on 127.0.0.1:"
                  + taken.getLocalPort()
                  + " (Address already in use); choose another port with --port, or --port 0 for any free one\n"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --port=70000     | --port is a whole number from 0 to 65535, like 8085, not 70000
          --port=web       | --port is a whole number from 0 to 65535, like 8085, not web
          --dbn-version=4  | --dbn-version is a whole number from 1 to 3, like 3, not 4
          --latency-ms=-1  | --latency-ms is a whole number from 0 to 600000, like 200, not -1
          --seed=x         | --seed is a whole number, like 1, not x
          --cache-mb=1.5   | --cache-mb is a whole number from 0 to 16384, like 64, not 1.5
          --gateway-limit=-1   | --gateway-limit is a whole number, 0 or more, like 3000000, not -1
          --bytes-per-second=q | --bytes-per-second is a whole number, 0 or more, like 1000000, not q
          --now=today      | --now is a date 2025-12-16 or a UTC time 2025-12-16T12:00:00Z, not today
          --now=-3d        | --now is a date 2025-12-16 or a UTC time 2025-12-16T12:00:00Z, not -3d
          """)
  void wrongValuesAreNamed(String option, String message) {
    assertThat(execute(new Lines(), "emulator", option), is(ExitCodes.USAGE));
    assertThat(err.toString(StandardCharsets.UTF_8), is(message + "\n"));
  }

  @Test
  void aFaultThatIsNoneIsNamed() {
    assertThat(
        execute(new Lines(), "emulator", "--port", "0", "--fault", "cut:sometimes=2"),
        is(ExitCodes.USAGE));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        startsWith("--fault cut:sometimes=2: unknown property sometimes of a fault"));
  }

  private int execute(OutputStream out, String... args) {
    Streams streams =
        new Streams(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            0);
    return Backfill.execute(new NoActions(), streams, args);
  }

  private static String ask(JsonNode facts, String path) throws Exception {
    String key = facts.get("api_key").asText() + ":";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(facts.get("url").asText() + path))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.US_ASCII)))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  /** Hands over each line as it is written. */
  private static final class Lines extends OutputStream {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      if (b == '\n') {
        lines.add(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }

    String next() throws InterruptedException {
      String text = lines.poll(30, TimeUnit.SECONDS);
      assertThat("a line within 30 s", text != null);
      return text;
    }
  }

  /** For command lines that reach no action. */
  private static final class NoActions implements Actions {
    @Override
    public int plan(List<RunOptions> parts, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int run(List<RunOptions> parts, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int rerun(RerunOptions options, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int update(List<RunOptions> jobs, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int land(List<RunOptions> parts, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int load(List<RunOptions> parts, Optional<String> asOf, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int importFiles(ImportOptions options, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int forget(ForgetOptions options, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int validate(ValidateOptions options, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int repair(RepairOptions options, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int statusPage(java.nio.file.Path database, LandingPlace landing, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int status(java.nio.file.Path database, LandingPlace landing, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int spend(java.nio.file.Path database, LandingPlace landing, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int symbols(SymbolsOptions options, Console console) {
      throw new AssertionError("not asked for");
    }

    @Override
    public int demo(DemoOptions options, Console console) {
      throw new AssertionError("not asked for");
    }
  }
}
