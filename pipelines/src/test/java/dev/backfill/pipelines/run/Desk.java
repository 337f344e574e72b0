package dev.backfill.pipelines.run;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.fred.FredKeySource;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.Failures;
import dev.backfill.pipelines.ForgetOptions;
import dev.backfill.pipelines.ImportOptions;
import dev.backfill.pipelines.LandingPlace;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RepairOptions;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.pipelines.ServiceUrls;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.pipelines.SymbolsOptions;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One researcher's desk: an emulated service, a folder, and what the commands say. */
final class Desk implements AutoCloseable {
  static final Instant NOW = Instant.parse("2025-12-16T00:00:00Z");

  /** The emulator has none here either. */
  private static final int NO_LIMIT = 1_000_000;

  private static final RetryPolicy QUICK =
      new RetryPolicy(5, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMinutes(1));

  final Path folder;
  final EmulatorServer emulator;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private RetryPolicy retries = QUICK;
  private Duration idle = Duration.ofSeconds(20);
  private Optional<LandingPlace> place = Optional.empty();
  private Optional<Path> database = Optional.empty();

  private Desk(Path folder, EmulatorServer emulator) {
    this.folder = folder;
    this.emulator = emulator;
  }

  static Desk in(Path folder) {
    return in(folder, EmulatorConfig.builder());
  }

  static Desk in(Path folder, EmulatorConfig.Builder emulator) {
    return new Desk(
        folder,
        EmulatorServer.start(emulator.clock(EmulatorClock.fixed(NOW)).rateLimitFactor(0).build()));
  }

  Desk givingUpAfter(Duration silence) {
    idle = silence;
    return this;
  }

  Desk trying(int attempts) {
    retries = QUICK.withAttempts(attempts);
    return this;
  }

  Path database() {
    return database.orElse(folder.resolve("my.duckdb"));
  }

  /** Has its database somewhere else than in its folder. */
  Desk databaseAt(Path other) {
    database = Optional.of(other);
    return this;
  }

  Path landing() {
    return folder.resolve("landing");
  }

  /** Lands somewhere else than in {@link #landing}. */
  Desk landingAt(LandingPlace other) {
    place = Optional.of(other);
    return this;
  }

  LandingPlace place() {
    return place.orElse(LandingPlace.of(landing()));
  }

  static Job job(BarSize size, List<String> symbols, String from, String to, int width, int days) {
    return new Job(
        "test-job",
        "databento",
        "GLBX.MDP3",
        size.schema(),
        "continuous",
        symbols,
        JobTime.parse(from),
        JobTime.parse(to),
        size.futuresTable(),
        new Job.ChunkLimits(width, days),
        List.of(),
        false);
  }

  ApiOptions api() throws IOException {
    Path key = folder.resolve("key.txt");
    if (!Files.exists(key)) {
      Files.writeString(key, EmulatorConfig.DEFAULT_KEY);
      Files.writeString(folder.resolve("fred-key.txt"), EmulatorConfig.DEFAULT_FRED_KEY);
    }
    return ApiOptions.of(emulator.url(), ApiKeySource.file(key.toString()))
        .withTimeouts(Duration.ofSeconds(5), idle, idle);
  }

  RunOptions options(Job job) throws IOException {
    return options(job, api());
  }

  /** A run that waits for another process. */
  RunOptions waiting(Job job, Duration patience) throws IOException {
    RunOptions now = options(job);
    return new RunOptions(
        now.job(),
        now.database(),
        now.landing(),
        now.api(),
        now.fred(),
        now.runner(),
        now.spend(),
        now.dryRun(),
        now.storageVersion(),
        patience);
  }

  RunOptions options(Job job, ApiOptions api) {
    RunOptions usual = options(folder, job, api);
    return new RunOptions(
        usual.job(),
        Optional.of(database()),
        place(),
        usual.api(),
        usual.fred(),
        usual.runner(),
        usual.spend(),
        usual.dryRun(),
        usual.storageVersion(),
        usual.patience());
  }

  /** What the command line would give for a run in a folder. */
  static RunOptions options(Path folder, Job job, ApiOptions api) {
    RunOptions options =
        new RunOptions(
            job,
            Optional.of(folder.resolve("my.duckdb")),
            LandingPlace.of(folder.resolve("landing")),
            api,
            RunnerOptions.direct(
                OptionalInt.empty(),
                List.of("--enforceImmutability=true", "--enforceEncodability=true")),
            SpendLimits.USUAL,
            false,
            Optional.empty(),
            Duration.ZERO);
    Path key = folder.resolve("fred-key.txt");
    return options.withFred(
        ServiceUrls.fred(api, FredKeySource.file(key.toString())).withPerMinute(NO_LIMIT));
  }

  /** What {@code run} ends with; what it says is in {@link #said} and {@link #printed}. */
  int run(Job job) throws IOException {
    return run(options(job));
  }

  int run(RunOptions options) {
    return run(options, false);
  }

  int run(RunOptions options, boolean json) {
    return exit((actions, console) -> actions.run(List.of(options), console), json);
  }

  int runJson(Job job) throws IOException {
    RunOptions options = options(job);
    return exit((actions, console) -> actions.run(List.of(options), console), true);
  }

  /** What {@code run} of a job with parts ends with. */
  int run(List<Job> parts, boolean json) throws IOException {
    ApiOptions api = api();
    List<RunOptions> options = parts.stream().map(part -> options(part, api)).toList();
    return exit((actions, console) -> actions.run(options, console), json);
  }

  /** The same with options of one's own. */
  int runAll(List<RunOptions> parts) {
    return exit((actions, console) -> actions.run(parts, console), false);
  }

  int landAll(List<RunOptions> parts) {
    return exit((actions, console) -> actions.land(parts, console), false);
  }

  int plan(List<Job> parts, boolean json) throws IOException {
    ApiOptions api = api();
    List<RunOptions> options = parts.stream().map(part -> options(part, api)).toList();
    return exit((actions, console) -> actions.plan(options, console), json);
  }

  int rerun(List<Job> parts, RerunOptions.Kind kind) throws IOException {
    ApiOptions api = api();
    return rerun(
        new RerunOptions(parts, Overrides.NONE, kind, database(), one -> options(one, api)), false);
  }

  int land(List<Job> parts) throws IOException {
    ApiOptions api = api();
    List<RunOptions> options = parts.stream().map(part -> options(part, api)).toList();
    return exit((actions, console) -> actions.land(options, console), false);
  }

  /** What {@code load} of a job with parts ends with; the service is out of reach. */
  int load(List<Job> parts) {
    ApiOptions nobody =
        ApiOptions.of("http://127.0.0.1:1", ApiKeySource.file(folder + "/no-such-key"));
    List<RunOptions> options = parts.stream().map(part -> options(part, nobody)).toList();
    return exit((actions, console) -> actions.load(options, Optional.empty(), console), false);
  }

  int plan(RunOptions options, boolean json) {
    return exit((actions, console) -> actions.plan(List.of(options), console), json);
  }

  /** What {@code rerun} of a job ends with. */
  int rerun(Job job, RerunOptions.Kind kind) throws IOException {
    return rerun(Optional.of(job), Overrides.NONE, kind);
  }

  int rerun(Optional<Job> job, Overrides narrowed, RerunOptions.Kind kind) throws IOException {
    ApiOptions api = api();
    return rerun(
        new RerunOptions(
            job.stream().toList(), narrowed, kind, database(), one -> options(one, api)),
        false);
  }

  int rerun(RerunOptions options, boolean json) {
    return exit((actions, console) -> actions.rerun(options, console), json);
  }

  int update(Job... jobs) throws IOException {
    ApiOptions api = api();
    return update(Arrays.stream(jobs).map(job -> options(job, api)).toList(), false);
  }

  int update(List<RunOptions> options, boolean json) {
    return exit((actions, console) -> actions.update(options, console), json);
  }

  int land(RunOptions options) {
    return exit((actions, console) -> actions.land(List.of(options), console), false);
  }

  /** What {@code load} ends with; the service is out of reach, and there is no key. */
  int load(Job job, Optional<String> asOf) {
    ApiOptions nobody =
        ApiOptions.of("http://127.0.0.1:1", ApiKeySource.file(folder + "/no-such-key"));
    return exit(
        (actions, console) -> actions.load(List.of(options(job, nobody)), asOf, console), false);
  }

  int importFiles(Optional<String> table, boolean force, Path... files) {
    ImportOptions options =
        new ImportOptions(
            List.of(files), database(), table, force, Optional.empty(), Duration.ZERO);
    return exit((actions, console) -> actions.importFiles(options, console), false);
  }

  int forget(List<Job> parts, boolean rows) throws IOException {
    ForgetOptions options =
        new ForgetOptions(
            parts, database(), place(), Optional.of(api()), rows, false, Duration.ZERO);
    return exit((actions, console) -> actions.forget(options, console), false);
  }

  int forget(Job job, boolean rows, boolean dryRun) throws IOException {
    return forget(job, rows, dryRun, api());
  }

  int forget(Job job, boolean rows, boolean dryRun, ApiOptions api) {
    ForgetOptions options =
        new ForgetOptions(
            List.of(job), database(), place(), Optional.of(api), rows, dryRun, Duration.ZERO);
    return exit((actions, console) -> actions.forget(options, console), false);
  }

  int repair(boolean dryRun) throws IOException {
    RepairOptions options =
        new RepairOptions(database(), place(), Optional.of(api()), dryRun, Duration.ZERO);
    return exit((actions, console) -> actions.repair(options, console), false);
  }

  int status(boolean json) {
    return exit((actions, console) -> actions.status(database(), place(), console), json);
  }

  int statusPage() {
    return exit((actions, console) -> actions.statusPage(database(), place(), console), false);
  }

  int validate(ValidateOptions options, boolean json) {
    return exit((actions, console) -> actions.validate(options, console), json);
  }

  /** What {@code validate} of these jobs, named, is asked for; as of the emulator's now. */
  ValidateOptions validation(Job... jobs) {
    return new ValidateOptions(
        List.of(jobs), true, database(), List.of(), Optional.of(NOW), true, false, Duration.ZERO);
  }

  int spend(boolean json) {
    return exit((actions, console) -> actions.spend(database(), place(), console), json);
  }

  int symbols(Job job, boolean write, boolean json) throws IOException {
    return symbols(List.of(job), write, json);
  }

  int symbols(List<Job> parts, boolean write, boolean json) throws IOException {
    SymbolsOptions options =
        new SymbolsOptions(
            parts,
            write ? Optional.of(database()) : Optional.empty(),
            Optional.empty(),
            api(),
            Duration.ZERO);
    return exit((actions, console) -> actions.symbols(options, console), json);
  }

  private interface Command {
    int call(BackfillActions actions, Console console) throws IOException;
  }

  private int exit(Command command, boolean json) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Console.Mode.NORMAL,
            json,
            false);
    try {
      return command.call(new BackfillActions(Clock.systemUTC(), retries), console);
    } catch (IOException | RuntimeException e) {
      Failures.Verdict verdict = Failures.verdict(e);
      console.note(verdict.sentence());
      if (verdict.exitCode() == 1) {
        e.printStackTrace(new PrintStream(err, true, StandardCharsets.UTF_8));
      }
      return verdict.exitCode();
    }
  }

  String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Data requests that were answered and billed. */
  long billedRequests() {
    return emulator.ledger().entries().stream()
        .filter(e -> e.method().contains("get_range") && e.bytes() > 0)
        .count();
  }

  @Override
  public void close() {
    emulator.close();
  }
}
