package dev.backfill.pipelines;

import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Job.ChunkLimits;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a job: a built-in one by its name, or a YAML file by its path. Strict: what it does not
 * know it refuses with a {@link UsageException} that names the file, the key and what is allowed.
 */
public final class JobFile {
  private static final Set<String> KEYS =
      ordered(
          "name",
          "source",
          "dataset",
          "schema",
          "stype_in",
          "symbols",
          "from",
          "to",
          "table",
          "chunk",
          "publishers",
          "primary_key",
          "snapshots",
          "optional",
          "parts");
  private static final List<String> SOURCES = List.of("databento", Fred.SOURCE);
  private static final List<String> STYPES =
      List.of("continuous", "parent", "raw_symbol", "instrument_id");

  private final String file;
  private final YamlMap yaml;
  private final Optional<String> part;

  /**
   * A job, or one of its parts.
   *
   * @param yaml all its keys, the part's own over those of the file
   * @param part its name; empty for the main part, and for a job without parts
   */
  JobFile(String file, YamlMap yaml, Optional<String> part) {
    this.file = file;
    this.yaml = yaml;
    this.part = part;
  }

  /** The names of the jobs that come with the project. */
  public static List<String> builtIn() {
    return JobSource.BUILT_IN;
  }

  /** Reads a job as it stands; of one with parts, the main part. */
  public static Job read(String nameOrPath) {
    return read(nameOrPath, Overrides.NONE);
  }

  /**
   * Reads a job and replaces what the command line says otherwise; of one with parts, the main part
   * comes back.
   *
   * @param nameOrPath a built-in job, or the path of a YAML file
   * @throws UsageException if there is no such job, or it or an override is wrong
   */
  public static Job read(String nameOrPath, Overrides overrides) {
    List<Job> all = readAll(nameOrPath, overrides);
    return all.get(all.size() - 1);
  }

  /**
   * Reads a job with all its parts, in their order; one without parts is one part.
   *
   * @param nameOrPath a built-in job, or the path of a YAML file
   * @throws UsageException if there is no such job, or it or an override is wrong
   */
  public static List<Job> readAll(String nameOrPath, Overrides overrides) {
    JobSource source = JobSource.find(nameOrPath);
    return parseAll(source.label(), source.text(), overrides);
  }

  /** Reads a job's text; the label names it in messages. */
  static Job parse(String label, String text, Overrides overrides) {
    List<Job> all = parseAll(label, text, overrides);
    return all.get(all.size() - 1);
  }

  /** Reads the text of a job with all its parts. */
  static List<Job> parseAll(String label, String text, Overrides overrides) {
    YamlMap yaml = YamlMap.parse(label, text, KEYS);
    return yaml.has("parts")
        ? JobParts.of(label, yaml, KEYS).read(overrides)
        : List.of(new JobFile(label, yaml, Optional.empty()).job(overrides));
  }

  Job job(Overrides overrides) {
    String name = part.map(own -> name() + Job.PART + own).orElseGet(this::name);
    String source = oneOf("source", SOURCES);
    if (source.equals(Fred.SOURCE)) {
      return new FredJobFile(yaml).job(name, overrides);
    }
    if (overrides.isOfFred()) {
      throw new UsageException("--groups and --vintages are for jobs of FRED, not for " + name);
    }
    String dataset = dataset();
    String schema = oneOf("schema", BarTables.schemas());
    String stypeIn = oneOf("stype_in", STYPES);
    JobSymbols own = new JobSymbols(yaml, dataset, stypeIn);
    List<String> symbols =
        overrides.symbols().isEmpty() ? own.inFile() : own.named(overrides.symbols());
    JobTime from = overrides.from().orElseGet(() -> time("from"));
    JobTime to = overrides.to().orElseGet(() -> time("to"));
    checkRange(from, to, overrides);
    return new Job(
        name,
        source,
        dataset,
        schema,
        stypeIn,
        symbols,
        from,
        to,
        table(schema),
        chunk(),
        publishers(),
        yaml.flag("primary_key"),
        snapshots(),
        yaml.flag("optional"));
  }

  /**
   * The requested symbol that a text of {@code --symbols} means, where this is not among the job's
   * own; empty where it cannot be asked for here.
   */
  Optional<String> other(String text) {
    return new JobSymbols(yaml, dataset(), oneOf("stype_in", STYPES)).other(text);
  }

  /** What stands before the first point of a symbol. */
  static String root(String symbol) {
    int at = symbol.indexOf('.');
    return at < 0 ? symbol : symbol.substring(0, at);
  }

  private String name() {
    String name = yaml.text("name");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
      throw yaml.fail("name", "is letters, digits, -, _ and ., not " + name);
    }
    return name;
  }

  private String dataset() {
    String dataset = yaml.text("dataset");
    if (!dataset.matches("[A-Z0-9]+\\.[A-Z0-9]+")) {
      throw yaml.fail("dataset", "is VENUE.FEED in capitals, like GLBX.MDP3, not " + dataset);
    }
    return dataset;
  }

  private String oneOf(String key, List<String> allowed) {
    String text = yaml.text(key);
    if (!allowed.contains(text)) {
      throw yaml.fail(
          key,
          "is one of "
              + String.join(", ", allowed)
              + ", not "
              + text
              + Nearest.hint(text, allowed));
    }
    return text;
  }

  private JobTime time(String key) {
    try {
      return JobTime.parse(yaml.text(key));
    } catch (IllegalArgumentException e) {
      throw wrongTime(key, e);
    }
  }

  private UsageException wrongTime(String key, IllegalArgumentException e) {
    UsageException failure =
        yaml.fail(key, "is not a time: " + yaml.text(key) + ". Allowed: " + JobTime.FORMS);
    failure.initCause(e);
    return failure;
  }

  private void checkRange(JobTime from, JobTime to, Overrides overrides) {
    String where = overrides.isRangeGiven() ? "--from and --to with " + file : file;
    if (from instanceof JobTime.Now) {
      throw new UsageException(where + ": from cannot be now: nothing would be wanted");
    }
    if (to instanceof JobTime.Back) {
      throw new UsageException(
          where + ": to cannot be counted back, because from is counted back from it");
    }
    if (from instanceof JobTime.At start
        && to instanceof JobTime.At end
        && start.nanos() >= end.nanos()) {
      throw new UsageException(
          where
              + ": from "
              + Times.text(start.nanos())
              + " is not before to "
              + Times.text(end.nanos())
              + "; from is inclusive, to is exclusive");
    }
  }

  private String table(String schema) {
    String table = yaml.text("table", BarTables.usual(schema).orElseThrow());
    BarTables.problem(table, schema)
        .ifPresent(
            problem -> {
              throw yaml.fail("table", problem);
            });
    return table;
  }

  private int snapshots() {
    String text = yaml.text("snapshots", "0d");
    boolean isNone = yaml.has("snapshots") && text.matches("0+d");
    if (isNone || !text.matches("\\d{1,4}d")) {
      throw yaml.fail("snapshots", "are single days so many days apart, like 30d, not " + text);
    }
    return Integer.parseInt(text.substring(0, text.length() - 1));
  }

  private ChunkLimits chunk() {
    if (!yaml.has("chunk")) {
      return ChunkLimits.LARGE;
    }
    YamlMap map = yaml.map("chunk", ordered("symbols", "days"));
    try {
      return new ChunkLimits(
          map.number("symbols").orElse(ChunkLimits.LARGE.symbols()),
          map.number("days").orElse(ChunkLimits.LARGE.days()));
    } catch (IllegalArgumentException e) {
      UsageException failure =
          yaml.fail("chunk", "is out of range: symbols is 1 to 2000, days is 1 or more");
      failure.initCause(e);
      throw failure;
    }
  }

  private List<Integer> publishers() {
    if (!yaml.has("publishers")) {
      return List.of();
    }
    Set<Integer> publishers = new TreeSet<>();
    for (String text : yaml.texts("publishers", "[1, 2]")) {
      if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
        throw yaml.fail("publishers", "are numbers from 0 to 65535, not " + text);
      }
      if (!publishers.add(Integer.parseInt(text))) {
        throw yaml.fail("publishers", "names " + text + " twice");
      }
    }
    return new ArrayList<>(publishers);
  }

  private static Set<String> ordered(String... keys) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(keys)));
  }
}
