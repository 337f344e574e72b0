package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.CircuitBreaker.Pause;
import dev.backfill.io.lock.Holder;
import dev.backfill.pipelines.LandingPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a command that writes says of itself in the file {@code <database>.run.json}, about once a
 * second. Immutable.
 *
 * @param pid of the run's process
 * @param host where it runs
 * @param processBegan when that process began, so that another of its PID is not taken for it; null
 *     where the system does not say
 * @param since when the run began
 * @param at when this was said
 * @param phase planning, running, finishing, or what another command does
 * @param figures null while nothing can be counted
 * @param secondsLeft null while nobody can say
 * @param pause in which nothing is asked; null while requests go through
 */
record Beat(
    long pid,
    String host,
    @Nullable Instant processBegan,
    String runId,
    String job,
    Instant since,
    Instant at,
    String phase,
    @Nullable RunFigures figures,
    @Nullable Long secondsLeft,
    @Nullable Pause pause) {
  private static final String SUFFIX = ".run.json";

  /** Of a process of another host, which cannot be looked at, or one that hangs. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /** Made only where there is something to read or write: it takes longer than a query. */
  private static final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
  }

  /** Where a run says how far it is: beside its database, or in the landing if it only lands. */
  static Path file(Path subject) {
    return subject.resolveSibling(subject.getFileName() + SUFFIX);
  }

  /** What commands that only land say in a landing, of those that live or have left their word. */
  static List<Beat> ofLanding(LandingPlace landing) {
    if (!landing.isLocal() || !Files.isDirectory(landing.path())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(landing.path())) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .sorted()
          .flatMap(file -> ofFile(file).stream())
          .toList();
    } catch (IOException e) {
      return List.of(); // as if there were none: what the database holds can be said all the same
    }
  }

  /** What the file says; empty where there is none, or none that makes sense. */
  static Optional<Beat> read(Path database) {
    return ofFile(file(database));
  }

  private static Optional<Beat> ofFile(Path file) {
    try {
      byte[] said = Files.readAllBytes(file);
      return Optional.of(of(Json.MAPPER.readTree(said)));
    } catch (IOException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Replaces the file, which is whole at every moment. */
  void write(Path database) throws IOException {
    Path file = file(database);
    Path part = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(part, Json.MAPPER.writeValueAsBytes(json()));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether the run goes on: its process lives, or it spoke a moment ago. */
  boolean isAlive(Instant now) {
    if (!host.equals(Holder.thisHost())) {
      return Duration.between(at, now).compareTo(SILENCE) < 0;
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> processBegan == null || isThat(process))
        .orElse(false);
  }

  private boolean isThat(ProcessHandle process) {
    return process.info().startInstant().map(began -> began.equals(processBegan)).orElse(true);
  }

  ObjectNode json() {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("pid", pid).put("host", host);
    node.put("process_began", processBegan == null ? null : processBegan.toString());
    node.put("run_id", runId).put("job", job);
    node.put("since", since.toString()).put("at", at.toString()).put("phase", phase);
    RunFigures known = figures;
    if (known != null) {
      node.put("chunks_landed", known.chunksLanded())
          .put("chunks_asked", known.chunksAsked())
          .put("rows", known.rows())
          .put("rows_expected", known.rowsExpected())
          .put("requests", known.requests())
          .put("bytes_received", known.bytes())
          .put("spent_usd", known.usd());
    }
    node.put("seconds_left", secondsLeft);
    Pause paused = pause;
    if (paused != null) {
      node.putObject("paused")
          .put("since", paused.since().toString())
          .put("until", paused.until().toString())
          .put("why", paused.why());
    }
    return node;
  }

  private static Beat of(JsonNode node) {
    return new Beat(
        node.path("pid").asLong(),
        node.path("host").asText(),
        node.path("process_began").isTextual()
            ? Instant.parse(node.path("process_began").asText())
            : null,
        node.path("run_id").asText(),
        node.path("job").asText(),
        Instant.parse(node.path("since").asText()),
        Instant.parse(node.path("at").asText()),
        node.path("phase").asText(),
        node.has("rows")
            ? new RunFigures(
                node.path("chunks_landed").asLong(),
                node.path("chunks_asked").asInt(),
                node.path("rows").asLong(),
                node.path("rows_expected").asLong(),
                node.path("requests").asLong(),
                node.path("bytes_received").asLong(),
                node.path("spent_usd").asDouble())
            : null,
        node.path("seconds_left").isNumber() ? node.path("seconds_left").asLong() : null,
        node.has("paused") ? pause(node.path("paused")) : null);
  }

  private static Pause pause(JsonNode node) {
    return new Pause(
        Instant.parse(node.path("since").asText()),
        Instant.parse(node.path("until").asText()),
        node.path("why").asText());
  }
}
