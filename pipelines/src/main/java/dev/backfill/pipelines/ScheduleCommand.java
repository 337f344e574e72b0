package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.duckdb.MotherDuck;
import dev.backfill.pipelines.schedule.CronJobs;
import dev.backfill.pipelines.schedule.Crontab;
import dev.backfill.pipelines.schedule.Due;
import dev.backfill.pipelines.schedule.Entry;
import dev.backfill.pipelines.schedule.Secrets;
import dev.backfill.pipelines.schedule.SystemdUnits;
import dev.backfill.schemas.Fred;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backfill schedule}. */
@Command(
    name = "schedule",
    description = {
      "Print what calls update from time to time: crontab lines, systemd units or CronJobs.",
      "It prints and installs nothing, reads no key and shows none."
    })
final class ScheduleCommand implements Callable<Integer> {
  private static final String JAR_IN_IMAGE = "/opt/backfill.jar";
  private static final List<String> FORMATS = List.of("crontab", "systemd", "kubernetes");
  private static final Secrets.Secret KEY =
      new Secrets.Secret(ApiKeySource.VARIABLE, "databento", "api-key");
  private static final Secrets.Secret FRED = new Secrets.Secret("FRED_API_KEY", "fred", "api-key");
  private static final Secrets.Secret TOKEN =
      new Secrets.Secret(MotherDuck.TOKEN_VARIABLE, "motherduck", "token");

  private final Streams streams;

  @Parameters(
      arity = "0..*",
      paramLabel = "JOB",
      description =
          "Built-in jobs or paths of YAML files (default: those of daily-futures, hourly-futures,"
              + " options-daily and fred that are built in).")
  private List<String> jobs = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "crontab",
      description = "crontab, systemd or kubernetes (default: ${DEFAULT-VALUE}).")
  private String format = "crontab";

  @Mixin private ScheduleArgs args = new ScheduleArgs();

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description =
          "The file of lines NAME=value with the keys (default: ~/.config/backfill.env). It is"
              + " named, not read.")
  private @Nullable String envFile;

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      description =
          "The program: the script backfill, or the jar `all` (default: this one; for kubernetes "
              + JAR_IN_IMAGE
              + ").")
  private @Nullable String launcher;

  @Option(
      names = "--mailto",
      paramLabel = "ADDRESS",
      description = "Who gets cron's mail (default: you).")
  private @Nullable String mailTo;

  @Option(
      names = "--logs",
      paramLabel = "FOLDER",
      description = "Where cron's jobs write what they say (default: beside the database).")
  private @Nullable String logs;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Who runs systemd's services (default: you).")
  private @Nullable String user;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "For kubernetes: an image that has Java and the program.")
  private @Nullable String image;

  ScheduleCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    if (!FORMATS.contains(format)) {
      throw new UsageException(
          "--format is one of "
              + String.join(", ", FORMATS)
              + ", not "
              + format
              + Nearest.hint(format, FORMATS));
    }
    boolean isInPod = format.equals("kubernetes");
    SchedulePlaces places = SchedulePlaces.of(args.db(), args.landing(), isInPod);
    List<Entry> entries = new ArrayList<>();
    for (String job : wanted()) {
      entries.add(entry(job, places, isInPod));
    }
    streams.out().println(isInPod ? cronJobs(entries, places) : local(entries, places));
    return ExitCodes.OK;
  }

  private List<String> wanted() {
    return jobs.isEmpty() ? ScheduleTimes.usual() : jobs;
  }

  private Entry entry(String job, SchedulePlaces places, boolean isInPod) {
    boolean isFile = !JobSource.BUILT_IN.contains(job);
    Due when = ScheduleTimes.of(job);
    if (isFile && isInPod && !job.startsWith("/")) {
      throw new UsageException(
          "A job's file is read in the pod: give its path there, from the root, not " + job);
    }
    List<String> words = new ArrayList<>(program(isInPod));
    words.add("update");
    words.add(isFile ? Path.of(job).toAbsolutePath().normalize().toString() : job);
    words.addAll(List.of("--db", places.database(), "--landing", places.landing()));
    words.addAll(args.words());
    String name =
        isFile ? String.valueOf(Path.of(job).getFileName()).replaceFirst("\\.ya?ml$", "") : job;
    return new Entry(name, when, words);
  }

  /** The program, by its path: neither cron nor systemd has a PATH that one knows. */
  private List<String> program(boolean isInPod) {
    String path = launcher;
    if (path == null) {
      path = isInPod ? JAR_IN_IMAGE : System.getProperty("backfill.launcher");
    }
    if (path == null) {
      throw new UsageException(
          "This program does not know where its launcher is: add --launcher with the path of the"
              + " script backfill, or of the jar");
    }
    String full = isInPod ? path : Path.of(path).toAbsolutePath().normalize().toString();
    if (!full.endsWith(".jar")) {
      return List.of(full);
    }
    return List.of(isInPod ? "java" : javaHome() + "/bin/java", "-jar", full);
  }

  private static String javaHome() {
    return System.getProperty("java.home");
  }

  private Secrets secrets(SchedulePlaces places) {
    List<Secrets.Secret> needed = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    for (String job : wanted()) {
      JobFile.readAll(job, Overrides.NONE).forEach(one -> sources.add(one.source()));
    }
    boolean isFred = sources.remove(Fred.SOURCE);
    if (args.apiKeyFile() == null && !sources.isEmpty()) {
      needed.add(KEY);
    }
    if (isFred) {
      needed.add(FRED);
    }
    if (places.isRemote()) {
      needed.add(TOKEN);
    }
    return new Secrets(needed);
  }

  private String local(List<Entry> entries, SchedulePlaces places) {
    String home = System.getProperty("user.home");
    String environment =
        envFile == null
            ? home + "/.config/backfill.env"
            : Paths.parse("--env-file", envFile).toAbsolutePath().normalize().toString();
    Secrets secrets = secrets(places);
    String me = System.getProperty("user.name");
    if (format.equals("systemd")) {
      return new SystemdUnits(
              entries,
              secrets,
              environment,
              javaHome(),
              oneLine("--user", user == null ? me : user))
          .text();
    }
    String folder =
        logs == null
            ? places.folder()
            : Paths.parse("--logs", logs).toAbsolutePath().normalize().toString();
    return new Crontab(
            entries,
            secrets,
            environment,
            javaHome(),
            oneLine("--mailto", mailTo == null ? me : mailTo),
            folder)
        .text();
  }

  private String cronJobs(List<Entry> entries, SchedulePlaces places) {
    if (image == null) {
      throw new UsageException(
          "--format kubernetes needs --image: an image that has Java 17 and the jar `all` as "
              + JAR_IN_IMAGE
              + "; runner-configs/schedules says how to make one");
    }
    if (args.apiKeyFile() != null) {
      throw new UsageException(
          "In a pod the key comes from the Secret databento: leave out --api-key-file");
    }
    return new CronJobs(entries, secrets(places), image, places.volumes()).text();
  }

  private static String oneLine(String option, String text) {
    if (text.chars().anyMatch(c -> c < ' ')) {
      throw new UsageException(option + " is one line of text");
    }
    return text;
  }
}
