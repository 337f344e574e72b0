package dev.backfill.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.io.duckdb.MotherDuckStandIn;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static final String KEY = "db-0123456789abcdefghijklmnopqrs";

  @TempDir private Path folder;
  private Path keyFile;
  private Path database;
  private final Recorded recorded = new Recorded();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void files() throws IOException {
    keyFile = Files.writeString(folder.resolve("key"), KEY + "\n");
    database = folder.resolve("my.duckdb");
  }

  @Test
  void runTakesEveryOption() throws IOException {
    Path ca = Files.writeString(folder.resolve("ca.pem"), "");
    int code =
        execute(
            ("run daily-futures --db DB --landing LAND --api-url http://127.0.0.1:8085/"
                    + " --api-key-file KEY --ca-file CA --from -365d --to 2025-01-01"
                    + " --symbols ZL,ZS.v.0 --parallelism 3 --max-cost-usd 1.50 --dry-run --json"
                    + " --quiet --storage-version v1.0.0 -- --targetParallelism=2")
                .replace("DB", database.toString())
                .replace("LAND", folder.resolve("l").toString())
                .replace("KEY", keyFile.toString())
                .replace("CA", ca.toString())
                .split(" "));
    assertThat(err(), is(""));
    assertThat(code, is(ExitCodes.OK));
    RunOptions o = recorded.run.get(0);
    assertThat(o.job().symbols(), contains("ZL.v.0", "ZS.v.0"));
    assertThat(o.job().from(), equalTo(new JobTime.Back(Duration.ofDays(365))));
    assertThat(o.database(), equalTo(Optional.of(database)));
    assertThat(o.landing(), equalTo(LandingPlace.of(folder.resolve("l"))));
    assertThat(o.api().url(), is("http://127.0.0.1:8085"));
    assertThat(o.api().keySource().file(), is(keyFile.toString()));
    assertThat(o.api().http().caFile(), is(ca.toString()));
    assertThat(o.runner().parallelism(), equalTo(OptionalInt.of(3)));
    assertThat(o.spend(), equalTo(SpendLimits.USUAL.withMaxCostUsd(new BigDecimal("1.50"))));
    assertThat(o.dryRun(), is(true));
    assertThat(o.storageVersion(), equalTo(Optional.of("v1.0.0")));
    assertThat(o.runner().beamArgs(), contains("--targetParallelism=2"));
    assertThat(recorded.console.json(), is(true));
    assertThat(recorded.console.quiet(), is(true));
  }

  @Test
  void runHasDefaults() {
    run();
    RunOptions o = recorded.run.get(0);
    assertThat(o.landing(), equalTo(new LandingPlace("landing")));
    assertThat(o.api().url(), is("https://hist.databento.com"));
    assertThat(o.runner().parallelism(), equalTo(OptionalInt.empty()));
    assertThat(o.spend(), equalTo(SpendLimits.USUAL));
    assertThat(o.dryRun(), is(false));
    assertThat(o.runner().beamArgs(), is(List.of()));
    assertThat(recorded.console.json(), is(false));
    assertThat(recorded.console.quiet(), is(false));
  }

  @Test
  void aLandingMayBeAUriOfAFileSystemThatIsThere() {
    assertThat(
        execute(
            "plan",
            "hourly-futures",
            "--landing",
            "bucket://mine/landing",
            "--api-key-file",
            keyFile.toString()),
        is(0));
    LandingPlace place = recorded.plan.get(0).landing();
    assertThat(place, equalTo(new LandingPlace("bucket://mine/landing")));
    assertThat(place.isLocal(), is(false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3://bucket/landing    | no file system for s3:// is on the class path, only for bucket, file; put Beam's jar for it there",
        "bucket:///landing      | names no place",
        "bucket://u:p@mine/land | has a password in it",
        "bucket:mine            | takes a path on this machine",
      })
  void aLandingThatCannotBeIsRefusedAtOnce(String landing, String reason) {
    int code =
        execute(
            "plan", "hourly-futures", "--landing", landing, "--api-key-file", keyFile.toString());
    assertThat(code, is(ExitCodes.USAGE));
    assertThat(err(), containsString("--landing"));
    assertThat(err(), not(containsString("u:p")));
    assertThat(err(), containsString(reason));
    assertThat(recorded.plan, is(List.of()));
  }

  @Test
  void symbolsTakesAJobAndMayGoWithoutADatabase() {
    String key = keyFile.toString();
    assertThat(
        execute("symbols", "daily-futures", "--symbols", "ZL,BZ", "--api-key-file", key), is(0));
    SymbolsOptions o = recorded.symbols.get(0);
    assertThat(o.parts().get(0).symbols(), contains("ZL.v.0", "BZ.v.0"));
    assertThat(o.database(), equalTo(Optional.empty()));
    String db = database.toString();
    assertThat(execute("symbols", "daily-futures", "--db", db, "--api-key-file", key), is(0));
    assertThat(recorded.symbols.get(1).database(), equalTo(Optional.of(database)));
    assertThat(execute("symbols", "--api-key-file", key), is(ExitCodes.USAGE));
  }

  @Test
  void planNeedsNoDatabase() {
    assertThat(execute("plan", "hourly-futures", "--api-key-file", keyFile.toString()), is(0));
    assertThat(recorded.plan.get(0).database(), equalTo(Optional.empty()));
    assertThat(recorded.plan.get(0).dryRun(), is(true));
  }

  @Test
  void aFullDiskIsOneSentence() {
    recorded.failure = new IOException("write failed", new IOException("No space left on device"));
    assertThat(fetch("run", "daily-futures"), is(ExitCodes.USAGE));
    assertThat(err(), startsWith("The disk is full (No space left on device). What is whole is"));
    assertThat(err(), not(containsString("at dev.backfill")));
  }

  private int fetch(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--db", database.toString(), "--api-key-file", keyFile.toString()));
    return execute(all.toArray(new String[0]));
  }

  @Test
  void rerunNeedsNoJobButForceNeedsToKnowWhat() {
    assertThat(fetch("rerun"), is(0));
    assertThat(recorded.rerun.get(0).parts(), equalTo(List.of()));
    assertThat(recorded.rerun.get(0).kind(), is(RerunOptions.Kind.FAILED));
    assertThat(fetch("rerun", "--force", "--symbols", "ZL", "--from", "2024-01-01"), is(0));
    assertThat(recorded.rerun.get(1).kind(), is(RerunOptions.Kind.FORCED));
    assertThat(recorded.rerun.get(1).narrowed().symbols(), contains("ZL"));
    assertThat(fetch("rerun", "daily-futures", "--changed", "--max-cost-usd", "2"), is(0));
    RerunOptions changed = recorded.rerun.get(2);
    assertThat(changed.kind(), is(RerunOptions.Kind.CHANGED));
    assertThat(changed.parts().get(0).name(), is("daily-futures"));
    assertThat(
        changed.run().apply(changed.parts().get(0)).spend().maxCostUsd(),
        equalTo(Optional.of(new BigDecimal("2"))));
    assertThat(fetch("rerun", "--force"), is(ExitCodes.USAGE));
    assertThat(err(), startsWith("rerun --force buys again what is loaded: name a JOB"));
    assertThat(fetch("rerun", "--force", "--changed", "daily-futures"), is(ExitCodes.USAGE));
    assertThat(execute("rerun"), is(ExitCodes.USAGE));
  }

  private String fredKeyFile() throws IOException {
    Path file = folder.resolve("fred.txt");
    return Files.writeString(file, "0123456789abcdef0123456789abcdef\n").toString();
  }

  @Test
  void aJobOfFredNeedsFredsKeyAlone() throws IOException {
    String key = fredKeyFile();
    assertThat(
        execute(
            "plan",
            "fred",
            "--groups",
            "volatility,equity_indices",
            "--db",
            database.toString(),
            "--fred-key-file",
            key,
            "--fred-limit",
            "60"),
        is(0));
    RunOptions o = recorded.plan.get(0);
    assertThat(o.job().symbols().size(), is(13));
    assertThat(o.fred().http().url(), is("https://api.stlouisfed.org"));
    assertThat(o.fred().keySource().file(), is(key));
    assertThat(o.fred().perMinute(), is(60));
    assertThat(
        execute("plan", "fred", "--vintages", "--symbols", "GDP", "--fred-key-file", key), is(0));
    assertThat(recorded.plan.get(1).job().table(), is("raw.fred_vintages"));
    assertThat(recorded.plan.get(1).job().name(), is("fred-vintages"));
    assertThat("without --fred-limit", recorded.plan.get(1).fred().perMinute(), is(100));
    refuses("No FRED API key: set the environment variable FRED_API_KEY", "plan", "fred");
    refuses(
        "--fred-limit is a number from 1 to 120",
        "plan",
        "fred",
        "--fred-key-file",
        key,
        "--fred-limit",
        "121");
    refuses(
        "--from and --to are not for fred: FRED's series are always fetched whole",
        "plan",
        "fred",
        "--from",
        "-30d",
        "--fred-key-file",
        key);
    refuses(
        "--groups: there is no group \"volatilty\", only all, spot_energy_daily,",
        "plan",
        "fred",
        "--groups",
        "volatilty",
        "--fred-key-file",
        key);
    refuses("--groups and --vintages are for jobs of FRED", "plan", "daily-futures", "--vintages");
    Files.writeString(Path.of(key), "0123456789ABCDEF");
    refuses(
        "The FRED API key in the file " + key + " must be 32 lower-case letters and digits;",
        "plan",
        "fred",
        "--fred-key-file",
        key);
    assertThat(err(), not(containsString("0123456789ABCDEF")));
  }

  @Test
  void updateTakesTheUsualJobsWhereNoneIsNamed() throws IOException {
    assertThat(fetch("update"), is(0));
    assertThat(
        recorded.update.get(0).stream().map(o -> o.job().name()).toList(),
        equalTo(JobSource.USUAL));
    assertThat(fetch("update", "--fred-key-file", fredKeyFile()), is(0));
    assertThat(
        recorded.update.get(1).stream().map(o -> o.job().name()).toList(),
        equalTo(List.of("daily-futures", "hourly-futures", "fred")));
    assertThat(fetch("update", "hourly-futures"), is(0));
    assertThat(recorded.update.get(2).get(0).job().name(), is("hourly-futures"));
    assertThat(fetch("update", "hourly-futures", "nonsense"), is(ExitCodes.USAGE));
  }

  @Test
  void landKnowsHowItsJobWasNamed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("j.yaml"),
            String.join(
                "\n",
                "name: kj",
                "source: databento",
                "dataset: GLBX.MDP3",
                "schema: ohlcv-1d",
                "stype_in: continuous",
                "symbols: [ZL.v.0]",
                "from: 2024-01-01",
                "to: 2024-02-01"));
    int code = execute("land", file.toString(), "--api-key-file", keyFile.toString());
    assertThat(err(), code, is(0));
    RunOptions asked = recorded.land.get(0);
    assertThat(asked.job().name(), is("kj"));
    assertThat(asked.given(), is(file.toString()));
    assertThat(asked.withPatience(Duration.ZERO).given(), is(file.toString()));
  }

  @Test
  void landNeedsNoDatabaseAndLoadNoKey() {
    assertThat(execute("land", "daily-futures", "--api-key-file", keyFile.toString()), is(0));
    assertThat(recorded.land.get(0).database(), equalTo(Optional.empty()));
    String db = database.toString();
    assertThat(execute("load", "daily-futures", "--db", db), is(0));
    assertThat(recorded.loadAsOf, equalTo(Optional.empty()));
    String run = "20251216T103000-1a2b";
    assertThat(execute("load", "daily-futures", "--db", db, "--as-of", run), is(0));
    assertThat(recorded.loadAsOf, equalTo(Optional.of(run)));
    assertThat(execute("load", "daily-futures", "--db", db, "--as-of", "x"), is(ExitCodes.USAGE));
    assertThat(err(), startsWith("--as-of is the id of a run, like"));
  }

  @Test
  void importTakesFilesAndTable() throws IOException {
    Path a = Files.writeString(folder.resolve("a.dbn"), "");
    Path b = Files.writeString(folder.resolve("b.dbn.zst"), "");
    String table = "raw.databento_futures_ohlcv_1h";
    assertThat(
        execute(
            "import", a.toString(), b.toString(), "--db", database.toString(), "--table", table),
        is(0));
    assertThat(
        recorded.imported.get(0),
        equalTo(
            new ImportOptions(
                List.of(a, b),
                database,
                Optional.of(table),
                false,
                Optional.empty(),
                Duration.ZERO)));
  }

  @Test
  void whatMayBeSpentIsRead() {
    run("--max-bytes", "1.5GB", "--max-month-usd", "50", "--limit-share", "0.25");
    RunOptions o = recorded.run.get(0);
    assertThat(
        o.spend(),
        equalTo(
            SpendLimits.USUAL
                .withMaxBytes(1_500_000_000L)
                .withMonth(SpendLimits.Month.of(new BigDecimal("50")))));
    assertThat(o.api().limitShare(), is(0.25));
    assertThat(SpendArgs.bytes("500mb"), is(500_000_000L));
    assertThat(SpendArgs.bytes("56"), is(56L));
    recorded.run.clear();
    run("--max-month-usd", "none");
    assertThat(recorded.run.get(0).spend().month(), equalTo(SpendLimits.Month.LIFTED));
  }

  @Test
  void anAddressThatNoClusterCanHaveIsExplained() {
    for (String given : List.of("flink", "flink_master:8081", "127.0.0.1:99999", "h:0", "h:1/x")) {
      refuses(
          "--flink-master is the host and port of the cluster's REST address, like"
              + " flink.example.com:8081, not "
              + given,
          "run",
          "daily-futures",
          "--db",
          database.toString(),
          "--api-key-file",
          keyFile.toString(),
          "--runner",
          "flink",
          "--flink-master",
          given);
    }
    run("--runner", "flink", "--flink-master", "[::1]:8081");
    assertThat(recorded.run.get(0).runner().flinkMaster(), equalTo(Optional.of("[::1]:8081")));
  }

  @Test
  void whatMayNotBeSpentIsExplained() {
    String db = database.toString();
    refuses(
        "--max-bytes is a number with KB, MB, GB or TB, like 500MB or 2GB, not lots",
        "run",
        "daily-futures",
        "--db",
        db,
        "--api-key-file",
        keyFile.toString(),
        "--max-bytes",
        "lots");
    refuses(
        "--max-month-usd is a number of dollars, 0 or more, like 50, or none, not all",
        "run",
        "daily-futures",
        "--db",
        db,
        "--api-key-file",
        keyFile.toString(),
        "--max-month-usd",
        "all");
    refuses(
        "--limit-share is a number above 0 and at most 1, like 0.5, not 2",
        "run",
        "daily-futures",
        "--db",
        db,
        "--api-key-file",
        keyFile.toString(),
        "--limit-share",
        "2");
  }

  @Test
  void statusSaysWhatWasSpent() throws IOException {
    Files.createFile(database);
    assertThat(execute("status", "--db", database.toString(), "--spend"), is(0));
    assertThat(recorded.spend, contains(List.of(database, Path.of("landing"))));
    assertThat(recorded.status, is(List.of()));
  }

  @Test
  void statusReadsADatabaseThatIsThere() throws IOException {
    Files.writeString(database, "");
    assertThat(execute("status", "--db", database.toString()), is(0));
    assertThat(recorded.status, contains(database));
  }

  @Test
  void demoHasItsOwnFiles() {
    assertThat(execute("demo"), is(0));
    assertThat(
        recorded.demo,
        contains(new DemoOptions(Path.of("demo.duckdb"), new LandingPlace("demo-landing"))));
  }

  @Test
  void forgetAndRepairTakeWhatTheyNeed() throws IOException {
    Files.writeString(database, "");
    String db = database.toString();
    assertThat(
        execute("forget", "daily-futures", "--db", db, "--symbols", "ZL", "--rows", "--wait", "2m"),
        is(0));
    ForgetOptions forget = recorded.forget.get(0);
    assertThat(forget.parts().get(0).symbols(), contains("ZL.v.0"));
    assertThat(forget.deleteRows(), is(true));
    assertThat(forget.dryRun(), is(false));
    assertThat(forget.patience(), is(Duration.ofMinutes(2)));
    assertThat(execute("repair", "--db", db, "--dry-run"), is(0));
    assertThat(recorded.repair.get(0).dryRun(), is(true));
    refuses("forget needs to know what: give --symbols", "forget", "daily-futures", "--db", db);
    refuses("repair needs a database", "repair");
    refuses(
        "There is no database " + folder.resolve("none"),
        "forget",
        "daily-futures",
        "--db",
        folder.resolve("none").toString(),
        "--symbols",
        "ZL");
  }

  @Test
  void validateTakesJobsAndTables() throws IOException {
    Files.writeString(database, "");
    String db = database.toString();
    assertThat(execute("validate", "--db", db), is(0));
    ValidateOptions usual = recorded.validate.get(0);
    assertThat(
        usual.jobs().stream()
            .map(Job::name)
            .toList()
            .containsAll(List.of("daily-futures", "hourly-futures")),
        is(true));
    assertThat(usual.isNamed(), is(false));
    assertThat(usual.log(), is(true));
    assertThat(usual.strict(), is(false));
    assertThat(usual.asOf(), is(Optional.empty()));

    String[] narrowed = {
      "validate",
      "daily-futures",
      "--symbols",
      "ZL",
      "--db",
      db,
      "--no-log",
      "--strict",
      "--as-of",
      "2025-12-16",
      "--tables",
      "raw.a, raw.b"
    };
    assertThat(execute(narrowed), is(0));
    ValidateOptions narrow = recorded.validate.get(1);
    assertThat(narrow.isNamed(), is(true));
    assertThat(narrow.jobs().get(0).symbols(), contains("ZL.v.0"));
    assertThat(narrow.tables(), contains("raw.a", "raw.b"));
    assertThat(narrow.asOf(), is(Optional.of(Instant.parse("2025-12-16T00:00:00Z"))));
    assertThat(narrow.log(), is(false));
    assertThat(narrow.strict(), is(true));
    refuses("validate needs a database", "validate");
    refuses("--as-of is a UTC date or time", "validate", "--db", db, "--as-of", "-3d");
  }

  @Test
  void statusIsAPageWhereThatIsAskedFor() throws IOException {
    Files.writeString(database, "");
    String db = database.toString();
    assertThat(execute("status", "--db", db, "--markdown"), is(0));
    assertThat(recorded.statusPage, contains(database));
    refuses("--markdown goes with neither", "status", "--db", db, "--markdown", "--json");
  }

  @Test
  void actionsSayTheExitCode() {
    recorded.answer = ExitCodes.CHUNKS_FAILED;
    assertThat(run(), is(3));
  }

  @Test
  void usageErrorsAreOneSentence() throws IOException {
    String db = database.toString();
    Path none = folder.resolve("none");
    refuses(
        "Which command? One of demo, plan, run, rerun, update, land, load, import, forget, repair,"
            + " validate, status, symbols, schedule, emulator; see backfill --help",
        new String[0]);
    refuses("Unknown command rnu; did you mean run? Commands: ", "rnu");
    refuses(
        "Unknown option --lading; did you mean --landing? See backfill run --help",
        "run",
        "daily-futures",
        "--lading",
        "x");
    refuses(
        "Unknown option --lading; did you mean --landing? See backfill run --help",
        "run",
        "daily-futures",
        "--lading=x");
    refuses("JOB is missing: A built-in job", "run", "--db", db);
    refuses("--db needs a value. See backfill run --help", "run", "daily-futures", "--db");
    refuses("--db is given twice.", "run", "daily-futures", "--db", db, "--db", db);
    refuses("Unexpected argument hourly-futures.", "run", "daily-futures", "hourly-futures");
    refuses(
        "run needs a database: add --db FILE, like --db my.duckdb",
        "run",
        "daily-futures",
        "--api-key-file",
        keyFile.toString());
    refuses("Unknown job daily. Built-in jobs: fred, daily-futures", "run", "daily", "--db", db);
    refuses(
        "md:mine needs a MotherDuck token: set the environment variable MOTHERDUCK_TOKEN",
        "status",
        "--db",
        "md:mine");
    refuses(
        "A database at MotherDuck is named md:NAME, without settings after a question mark",
        "status",
        "--db",
        "md:mine?motherduck_token=eyJ");
    refuses("A database at MotherDuck is named md:NAME, NAME of letters", "status", "--db", "md:");
    refuses("demo loads made-up prices, into a file", "demo", "--db", "md:mine");
    refuses(
        "--db " + folder + " is a folder; give a file in it", "status", "--db", folder.toString());
    refuses("--db " + none + "/x.db: there is no folder " + none, "status", "--db", none + "/x.db");
    refuses("There is no database " + db + "; a run makes it", "status", "--db", db);
    refuses("import " + none + ": there is no such file", "import", none.toString(), "--db", db);
    refuses(
        "--table is one of raw.databento_futures_ohlcv_1s",
        "import",
        keyFile.toString(),
        "--db",
        db,
        "--table",
        "bars");
  }

  @Test
  void wrongValuesAreNamedWithWhatIsAllowed() {
    refusesRun(
        "--from is not a time: yesterday. Allowed: a date 2010-06-06", "--from", "yesterday");
    refusesRun(
        "--from and --to with job daily-futures: from 2020-01-01 is not before to 2019-01-01",
        "--from",
        "2020-01-01",
        "--to",
        "2019-01-01");
    refusesRun("--symbols: \"zl\" cannot be asked for", "--symbols", "zl");
    refusesRun(
        "--parallelism is a whole number from 1 to 100, like 8, not 0", "--parallelism", "0");
    refusesRun(
        "--parallelism is a whole number from 1 to 100, like 8, not many", "--parallelism", "many");
    refusesRun(
        "--max-cost-usd is a number of dollars, 0 or more, like 5, not -1", "--max-cost-usd=-1");
    refusesRun(
        "--max-cost-usd is a number of dollars, 0 or more, like 5, not abc",
        "--max-cost-usd",
        "abc");
    refusesRun(
        "--max-cost-usd is a number of dollars, 0 or more, like 5, not 1e999999999",
        "--max-cost-usd",
        "1e999999999");
    refusesRun("--limit-share is a number above 0 and at most 1, like", "--limit-share", "half");
    refusesRun("--wait is a time like 90s, 15m or 2h, not soon", "--wait", "soon");
    refusesRun("--storage-version is one of v1.0.0, v1.1.0", "--storage-version", "v9.0.0");
    refusesRun(
        "--landing s3://bucket: no file system for s3:// is on the class path",
        "--landing",
        "s3://bucket");
    refusesRun(
        "--landing " + keyFile + " is a file; give a folder", "--landing", keyFile.toString());
    refusesRun("The API url ftp://x must start with http:// or https://", "--api-url", "ftp://x");
    refusesRun("--ca-file nothing: there is no such file", "--ca-file", "nothing");
    refusesRun("After -- come Beam's options, each like --name=value, not x", "--", "x");
    refuses(
        "Only land, load, rerun, run, update take Beam's options after --",
        "status",
        "--db",
        "x",
        "--",
        "--y=1");
  }

  @Test
  void aSecretIsNeverPrinted() throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong"), "hunter2-not-a-key");
    execute(
        "run",
        "daily-futures",
        "--db",
        database.toString(),
        "--verbose",
        "--api-key-file",
        wrong.toString());
    execute(
        "run",
        "daily-futures",
        "--db",
        database.toString(),
        "--verbose",
        "--api-key-file",
        keyFile.toString(),
        "--api-url",
        "http://user:hunter2@host/");
    recorded.failure = new IllegalStateException("no");
    execute(
        "run",
        "daily-futures",
        "--db",
        database.toString(),
        "--verbose",
        "--api-key-file",
        keyFile.toString());
    assertThat(err() + out(), not(containsString("hunter2")));
    assertThat(err() + out(), not(containsString(KEY)));
  }

  @Test
  void failuresBecomeASentenceAndACode() {
    fails(
        2,
        "Cannot use /no/file: there is no such file or folder",
        new NoSuchFileException("/no/file"));
    fails(5, "too dear", new RuntimeException("wrapped", new RefusedException("too dear")));
    fails(
        1,
        "Internal error: java.lang.IllegalStateException: odd.",
        new IllegalStateException("odd"));
  }

  @Test
  void verboseShowsTheStackTrace() {
    recorded.failure = new IllegalStateException("odd");
    run("--verbose");
    assertThat(err(), containsString("\tat dev.backfill.pipelines.CommandLineTest"));
  }

  @Test
  void helpNamesEveryCommandAndOption() {
    assertThat(execute("--help"), is(0));
    List<String> commands =
        out().lines().dropWhile(line -> !line.equals("Commands:")).skip(1).toList();
    for (String line : commands.subList(0, commands.indexOf(""))) {
      assertThat("a whole sentence", line, endsWith("."));
    }
    for (String command : List.of("demo", "plan", "run", "import", "status")) {
      assertThat(out(), containsString("  " + command + " "));
      assertThat(execute(command, "--help"), is(0));
    }
    assertThat(out(), containsString("Usage: backfill run "));
    assertThat(out(), containsString("--max-cost-usd=DOLLARS"));
    assertThat(err(), is(""));
  }

  @Test
  void versionIsOneCommand() {
    assertThat(execute("--version"), is(0));
    assertThat(out(), startsWith("backfill "));
  }

  private void fails(int code, String sentence, Throwable failure) {
    recorded.failure = failure;
    err.reset();
    assertThat(run(), is(code));
    assertThat(err(), startsWith(sentence));
    assertThat(err().lines().count(), is(1L));
  }

  @Test
  void aTokenOfMotherDuckIsInNoMessageAndNoStackTrace() {
    String token = MotherDuckStandIn.TOKEN;
    try (MotherDuckStandIn there = new MotherDuckStandIn(folder, token)) {
      assertThat(there.file("x").getParent(), is(folder));
      recorded.failure = new IllegalStateException("of " + token, new SQLException("to " + token));
      assertThat(run("--verbose"), is(ExitCodes.INTERNAL));
      assertThat(err(), containsString("SQLException: to …"));
      assertThat(err(), not(containsString(token)));
    }
  }

  private void refusesRun(String sentence, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "daily-futures",
                "--db",
                database.toString(),
                "--api-key-file",
                keyFile.toString()));
    args.addAll(Arrays.asList(more));
    refuses(sentence, args.toArray(new String[0]));
  }

  private void refuses(String sentence, String... args) {
    err.reset();
    assertThat(String.join(" ", args), execute(args), is(ExitCodes.USAGE));
    assertThat(err(), startsWith(sentence));
    assertThat(err().lines().count(), is(1L));
    assertThat(recorded.run, is(List.of()));
  }

  private int run(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "daily-futures",
                "--db",
                database.toString(),
                "--api-key-file",
                keyFile.toString()));
    args.addAll(Arrays.asList(more));
    return execute(args.toArray(new String[0]));
  }

  private int execute(String... args) {
    Streams streams = new Streams(stream(out), stream(err), false, 0);
    return Backfill.execute(recorded, streams, args);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Keeps what it is asked, and answers or fails as told. */
  private static final class Recorded implements Actions {
    private final List<RunOptions> plan = new ArrayList<>();
    private final List<RunOptions> run = new ArrayList<>();
    private final List<RerunOptions> rerun = new ArrayList<>();
    private final List<List<RunOptions>> update = new ArrayList<>();
    private final List<RunOptions> land = new ArrayList<>();
    private final List<RunOptions> load = new ArrayList<>();
    private Optional<String> loadAsOf = Optional.empty();
    private final List<ImportOptions> imported = new ArrayList<>();
    private final List<ForgetOptions> forget = new ArrayList<>();
    private final List<RepairOptions> repair = new ArrayList<>();
    private final List<Path> statusPage = new ArrayList<>();
    private final List<ValidateOptions> validate = new ArrayList<>();
    private final List<Path> status = new ArrayList<>();
    private final List<List<Path>> spend = new ArrayList<>();
    private final List<SymbolsOptions> symbols = new ArrayList<>();
    private final List<DemoOptions> demo = new ArrayList<>();
    private Console console = new Console(System.out, System.err, Console.Mode.QUIET, false, false);
    private int answer = ExitCodes.OK;
    private Throwable failure;

    @Override
    public int plan(List<RunOptions> parts, Console to) throws IOException {
      return keepAll(plan, parts, to);
    }

    @Override
    public int run(List<RunOptions> parts, Console to) throws IOException {
      return keepAll(run, parts, to);
    }

    @Override
    public int rerun(RerunOptions options, Console to) throws IOException {
      return keep(rerun, options, to);
    }

    @Override
    public int update(List<RunOptions> jobs, Console to) throws IOException {
      return keep(update, jobs, to);
    }

    @Override
    public int land(List<RunOptions> parts, Console to) throws IOException {
      return keepAll(land, parts, to);
    }

    @Override
    public int load(List<RunOptions> parts, Optional<String> asOf, Console to) throws IOException {
      loadAsOf = asOf;
      return keepAll(load, parts, to);
    }

    @Override
    public int importFiles(ImportOptions options, Console to) throws IOException {
      return keep(imported, options, to);
    }

    @Override
    public int forget(ForgetOptions options, Console to) throws IOException {
      return keep(forget, options, to);
    }

    @Override
    public int repair(RepairOptions options, Console to) throws IOException {
      return keep(repair, options, to);
    }

    @Override
    public int validate(ValidateOptions options, Console to) throws IOException {
      return keep(validate, options, to);
    }

    @Override
    public int status(Path database, LandingPlace landing, Console to) throws IOException {
      return keep(status, database, to);
    }

    @Override
    public int statusPage(Path database, LandingPlace landing, Console to) throws IOException {
      return keep(statusPage, database, to);
    }

    @Override
    public int spend(Path database, LandingPlace landing, Console to) throws IOException {
      return keep(spend, List.of(database, landing.path()), to);
    }

    @Override
    public int symbols(SymbolsOptions options, Console to) throws IOException {
      return keep(symbols, options, to);
    }

    @Override
    public int demo(DemoOptions options, Console to) throws IOException {
      return keep(demo, options, to);
    }

    private <T> int keep(List<T> list, T options, Console to) throws IOException {
      return keepAll(list, List.of(options), to);
    }

    private <T> int keepAll(List<T> list, List<T> options, Console to) throws IOException {
      list.addAll(options);
      console = to;
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      return answer;
    }
  }
}
