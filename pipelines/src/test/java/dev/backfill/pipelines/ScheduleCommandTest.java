package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.pipelines.run.BackfillActions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What calls the updates from time to time, read as cron, systemd and Kubernetes read it. */
class ScheduleCommandTest {
  private static final String LAUNCHER = "backfill.launcher";
  private static final String KEY = "db-0123456789abcdefghijklmnopqrs";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void launcher() throws IOException {
    // One that does what a command of a schedule says, and writes down what it was told.
    Path script = folder.resolve("back fill");
    Files.writeString(
        script,
        "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\"; done >\""
            + folder
            + "/told\"\necho \"key=$DATABENTO_API_KEY\" >>\""
            + folder
            + "/told\"\necho said\nexit ${ENDS_WITH:-0}\n");
    assertThat(script.toFile().setExecutable(true), is(true));
    System.setProperty(LAUNCHER, script.toString());
  }

  @AfterEach
  void none() {
    System.clearProperty(LAUNCHER);
  }

  private int execute(String... args) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of("schedule"));
    all.addAll(Arrays.asList(args));
    return Backfill.execute(
        new BackfillActions(),
        new Streams(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            0),
        all.toArray(new String[0]));
  }

  private String printed(String... args) {
    assertThat(execute(args), is(0));
    assertThat(err.toString(StandardCharsets.UTF_8), is(""));
    return out.toString(StandardCharsets.UTF_8);
  }

  private String refused(String... args) {
    assertThat(execute(args), is(2));
    assertThat(out.toString(StandardCharsets.UTF_8), is(""));
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  private String db() {
    return folder.resolve("my 100%.duckdb").toString();
  }

  private String landing() {
    return folder.resolve("landing").toString();
  }

  private List<String> cronLines(String... args) {
    return printed(args).lines().filter(line -> line.matches("[0-9*].*")).toList();
  }

  @Test
  void crontabLinesHaveFiveFieldsAndOneCommandEach() {
    String text = printed("--db", db(), "--landing", landing());
    List<String> lines = text.lines().toList();
    assertThat(lines, everyItem(matchesRegex("#.*|[A-Z_]+=.*|(\\S+ ){5}\\S.*")));
    assertThat(lines, hasItem("CRON_TZ=UTC"));
    assertThat(lines, hasItem("MAILTO=" + System.getProperty("user.name")));
    assertThat(lines, hasItem("JAVA_HOME=" + System.getProperty("java.home")));
    List<String> jobs = lines.stream().filter(line -> line.matches("[0-9*].*")).toList();
    assertThat(jobs.size(), is(ScheduleTimes.usual().size()));
    assertThat(jobs.get(0), startsWith("0 1 * * * "));
    assertThat(jobs.get(1), startsWith("25 * * * * "));
    assertThat(
        jobs.get(2), allOf(startsWith("0 2 * * * "), containsString(" update options-daily ")));
    assertThat(jobs.get(3), allOf(startsWith("0 3 * * * "), containsString(" update fred ")));
    assertThat(text, containsString("DATABENTO_API_KEY=... and FRED_API_KEY=..."));
    for (String job : jobs) {
      String before = lines.get(lines.indexOf(job) - 1);
      assertThat(
          "explained by one line",
          before,
          matchesRegex("# [a-z-]+: e[a-z]+ .*UTC.*|# [a-z-]+: every hour at minute 25, .*"));
      assertThat(job.replace("\\%", ""), not(containsString("%")));
    }
  }

  /** As cron does it: a backslash before a percent sign goes, and a shell has the rest. */
  private int asCron(String line, Path home, String exit) throws Exception {
    String command = line.split(" ", 6)[5].replace("\\%", "%");
    ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", command);
    shell.environment().clear();
    shell.environment().put("HOME", home.toString());
    shell.environment().put("ENDS_WITH", exit);
    shell.redirectErrorStream(true).redirectOutput(folder.resolve("mail").toFile());
    return shell.start().waitFor();
  }

  @Test
  void aCrontabLineRunsTheCommandWithTheKeyOfItsFileAndMailsOnlyFailures() throws Exception {
    Path env = Files.writeString(folder.resolve("keys of mine"), "DATABENTO_API_KEY=" + KEY + "\n");
    String line =
        cronLines(
                "daily-futures",
                "--db",
                db(),
                "--landing",
                landing(),
                "--env-file",
                env.toString(),
                "--max-month-usd",
                "50")
            .get(0);
    assertThat(line, not(containsString(KEY)));
    assertThat(asCron(line, folder, "0"), is(0));
    assertThat(
        Files.readAllLines(folder.resolve("told")),
        contains(
            "update",
            "daily-futures",
            "--db",
            db(),
            "--landing",
            landing(),
            "--wait",
            "15m",
            "--max-month-usd",
            "50",
            "--quiet",
            "key=" + KEY));
    assertThat(Files.readString(folder.resolve("mail")), is(""));
    Path log = folder.resolve("backfill-daily-futures.log");
    assertThat(Files.readString(log), is("said\n"));
    assertThat(asCron(line, folder, "3"), is(0));
    assertThat(
        Files.readString(folder.resolve("mail")),
        is("backfill update of daily-futures ended with exit code 3, see " + log + "\n"));
  }

  @Test
  void onlyTheJobsThatAreNamedAndFilesByTheirPath() throws IOException {
    Path job = folder.resolve("my grains.yaml");
    Files.writeString(
        job,
        "name: my-grains\nsource: databento\ndataset: GLBX.MDP3\nschema: ohlcv-1h\n"
            + "stype_in: continuous\nsymbols: [ZC.v.0]\nfrom: 2024-01-01\nto: now\n"
            + "table: raw.databento_futures_ohlcv_1h\n");
    List<String> lines = cronLines("hourly-futures", job.toString(), "--db", db(), "--wait", "1h");
    assertThat(lines.size(), is(2));
    assertThat(lines.get(0), containsString(" update hourly-futures "));
    assertThat(lines.get(1), startsWith("25 * * * * "));
    assertThat(lines.get(1), containsString(" update '" + job + "' "));
    assertThat(lines.get(1), containsString(" --wait 1h "));
    assertThat(
        lines.get(1), containsString(" --landing " + Path.of("landing").toAbsolutePath() + " "));
    assertThat(lines.get(1), containsString("backfill-my-grains.log"));
  }

  @Test
  void aFileWithTheKeyNeedsNoEnvironmentAndMotherDuckNeedsItsToken() {
    String key = folder.resolve("key").toString();
    String text = printed("daily-futures", "--db", db(), "--api-key-file", key);
    assertThat(text, containsString(" --api-key-file " + key + " "));
    assertThat(text, not(containsString("set -a")));
    String there = printed("daily-futures", "--db", "md:research", "--landing", landing());
    assertThat(there, containsString(" --db md:research "));
    assertThat(there, containsString("DATABENTO_API_KEY=... and MOTHERDUCK_TOKEN=..."));
    assertThat(there, containsString(">>" + folder + "/backfill-daily-futures.log"));
  }

  @Test
  void whichKeysAreNeededIsSaidByTheSourcesOfTheJobs() throws IOException {
    Path mine =
        Files.writeString(
            folder.resolve("rates.yaml"), "name: rates\nsource: fred\nsymbols: [DGS10]\n");
    Path bars =
        Files.writeString(
            folder.resolve("fred.yaml"),
            "name: fred\nsource: databento\ndataset: GLBX.MDP3\nschema: ohlcv-1d\n"
                + "stype_in: continuous\nsymbols: [ZC.v.0]\nfrom: 2024-01-01\nto: now\n"
                + "table: raw.databento_futures_ohlcv_1d\n");
    String ofFred = printed(mine.toString(), "--db", db());
    assertThat(ofFred, containsString("FRED_API_KEY=..."));
    assertThat(ofFred, not(containsString(ApiKeySource.VARIABLE)));
    String ofBars = printed(bars.toString(), "--db", db());
    assertThat(ofBars, containsString("DATABENTO_API_KEY=..."));
    assertThat(ofBars, not(containsString("FRED_API_KEY")));
  }

  @Test
  void aCronJobOfFredHasItsKeyFromItsSecret() {
    JsonNode container = container("fred --format kubernetes --image i --db /d/m.db --landing /l");
    assertThat(container.at("/env").size(), is(1));
    assertThat(container.at("/env/0/name").asText(), is("FRED_API_KEY"));
    assertThat(
        container.at("/env/0/valueFrom/secretKeyRef"),
        equalTo(new ObjectMapper().createObjectNode().put("name", "fred").put("key", "api-key")));
  }

  private Map<String, String> units(String text) {
    Map<String, String> files = new LinkedHashMap<>();
    for (String part : text.split("(?m)^# /etc/systemd/system/")) {
      if (!part.isBlank()) {
        String[] named = part.split("\n", 2);
        files.put(named[0], named[1]);
      }
    }
    return files;
  }

  @Test
  void systemdUnitsAreOneServiceAndOneTimerEach() {
    Map<String, String> units =
        units(
            printed(
                "daily-futures",
                "hourly-futures",
                "--format",
                "systemd",
                "--db",
                db(),
                "--landing",
                landing(),
                "--user",
                "desk"));
    assertThat(
        units.keySet(),
        contains(
            "backfill-daily-futures.service",
            "backfill-daily-futures.timer",
            "backfill-hourly-futures.service",
            "backfill-hourly-futures.timer"));
    List<String> service = units.get("backfill-daily-futures.service").lines().toList();
    assertThat(service, hasItem("[Service]"));
    assertThat(service, hasItem("Type=oneshot"));
    assertThat(service, hasItem("User=desk"));
    assertThat(
        service,
        hasItem("EnvironmentFile=" + System.getProperty("user.home") + "/.config/backfill.env"));
    assertThat(
        service,
        hasItem(
            "ExecStart=\""
                + folder
                + "/back fill\" update daily-futures --db \""
                + db().replace("%", "%%")
                + "\" --landing "
                + landing()
                + " --wait 15m --quiet"));
    List<String> daily = units.get("backfill-daily-futures.timer").lines().toList();
    assertThat(daily, hasItem("[Timer]"));
    assertThat(daily, hasItem("OnCalendar=*-*-* 01:00:00 UTC"));
    assertThat(daily, hasItem("Persistent=true"));
    assertThat(daily, hasItem("WantedBy=timers.target"));
    List<String> hourly = units.get("backfill-hourly-futures.timer").lines().toList();
    assertThat(hourly, hasItem("OnCalendar=*-*-* *:25:00 UTC"));
  }

  @Test
  void systemdItselfAcceptsThem() throws Exception {
    boolean isThere = Files.isExecutable(Path.of("/usr/bin/systemd-analyze"));
    if (!isThere) {
      System.out.println("Skipped: there is no systemd-analyze on this machine");
    }
    assumeTrue(isThere, "no systemd-analyze here");
    Map<String, String> units =
        units(printed("--format", "systemd", "--db", db(), "--landing", landing()));
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    for (Map.Entry<String, String> unit : units.entrySet()) {
      command.add(Files.writeString(folder.resolve(unit.getKey()), unit.getValue()).toString());
    }
    List<String> faults = run(command);
    // What it says of the machine's own units is not about these.
    faults.removeIf(line -> !line.contains("backfill-"));
    assertThat(faults, is(List.of()));
    for (String time : List.of("*-*-* 01:00:00 UTC", "*-*-* *:25:00 UTC")) {
      assertThat(
          String.join("\n", run(List.of("systemd-analyze", "calendar", time))),
          containsString("Normalized form: " + time));
    }
  }

  private static List<String> run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return new ArrayList<>(said.lines().toList());
  }

  @Test
  void cronJobsHaveTheirSecretsFromKubernetes() {
    String text =
        printed(
            "daily-futures",
            "hourly-futures",
            "--format",
            "kubernetes",
            "--image",
            "registry.example/backfill:1",
            "--db",
            "/data/my.duckdb",
            "--landing",
            "/landing");
    List<JsonNode> jobs = new ArrayList<>();
    new Yaml().loadAll(text).forEach(one -> jobs.add(new ObjectMapper().valueToTree(one)));
    assertThat(jobs.size(), is(2));
    JsonNode job = jobs.get(0);
    assertThat(job.path("apiVersion").asText(), is("batch/v1"));
    assertThat(job.path("kind").asText(), is("CronJob"));
    assertThat(job.at("/metadata/name").asText(), is("backfill-daily-futures"));
    assertThat(job.at("/spec/schedule").asText(), is("0 1 * * *"));
    assertThat(jobs.get(1).at("/spec/schedule").asText(), is("25 * * * *"));
    assertThat(job.at("/spec/timeZone").asText(), is("Etc/UTC"));
    assertThat(job.at("/spec/concurrencyPolicy").asText(), is("Forbid"));
    JsonNode pod = job.at("/spec/jobTemplate/spec/template/spec");
    assertThat(pod.path("restartPolicy").asText(), is("Never"));
    JsonNode container = pod.at("/containers/0");
    assertThat(container.path("image").asText(), is("registry.example/backfill:1"));
    List<String> words = new ArrayList<>();
    container.path("command").forEach(word -> words.add(word.asText()));
    assertThat(
        String.join(" ", words),
        is(
            "java -jar /opt/backfill.jar update daily-futures --db /data/my.duckdb --landing"
                + " /landing --wait 15m --quiet"));
    assertThat(container.at("/env/0/name").asText(), is(ApiKeySource.VARIABLE));
    assertThat(container.at("/env/0").has("value"), is(false));
    assertThat(
        container.at("/env/0/valueFrom/secretKeyRef"),
        equalTo(
            new ObjectMapper().createObjectNode().put("name", "databento").put("key", "api-key")));
    assertThat(container.at("/volumeMounts/0/mountPath").asText(), is("/data"));
    assertThat(container.at("/volumeMounts/1/mountPath").asText(), is("/landing"));
    assertThat(
        pod.at("/volumes/1/persistentVolumeClaim/claimName").asText(), is("backfill-landing"));
  }

  @Test
  void whatLiesInOneFolderIsOneVolume() {
    String pod = "daily-futures --format kubernetes --image i --db %s --landing %s";
    assertThat(mounts(String.format(pod, "/data/my.duckdb", "/data")), contains("/data"));
    assertThat(mounts(String.format(pod, "/data/my.duckdb", "/data/landing")), contains("/data"));
    assertThat(mounts(String.format(pod, "md:research", "/landing")), contains("/landing"));
  }

  private List<String> mounts(String command) {
    List<String> paths = new ArrayList<>();
    container(command)
        .path("volumeMounts")
        .forEach(mount -> paths.add(mount.path("mountPath").asText()));
    return paths;
  }

  private JsonNode container(String command) {
    JsonNode job = new ObjectMapper().valueToTree(new Yaml().load(printed(command.split(" "))));
    return job.at("/spec/jobTemplate/spec/template/spec/containers/0");
  }

  @Test
  void whatCannotBeIsRefusedInASentence() {
    assertThat(refused(), is("schedule needs a database: add --db FILE, like --db my.duckdb"));
    assertThat(refused("daily", "--db", db()), startsWith("Unknown job daily. Built-in jobs: "));
    assertThat(refused("--db", db(), "--install"), startsWith("Unknown option --install"));
    assertThat(
        refused("--db", db(), "--format", "crontabs"),
        is("--format is one of crontab, systemd, kubernetes, not crontabs; did you mean crontab?"));
    assertThat(refused("--db", db(), "--wait", "soon"), startsWith("--wait is a time like 90s"));
    assertThat(
        refused("--format", "kubernetes", "--db", "/data/my.duckdb", "--landing", "/landing"),
        startsWith("--format kubernetes needs --image"));
    assertThat(
        refused("--format", "kubernetes", "--db", "my.duckdb", "--landing", "/landing"),
        startsWith("--db is a path in the pod"));
    assertThat(
        refused("--format", "kubernetes", "--db", "/my.duckdb", "--landing", "/landing"),
        startsWith("--db /my.duckdb lies in no folder"));
    System.clearProperty(LAUNCHER);
    assertThat(refused("--db", db()), containsString("add --launcher"));
  }
}
