package dev.backfill.pipelines.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * A Flink cluster by its REST address. Safe for several threads.
 *
 * @see <a href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/ops/rest_api/">the
 *     interface</a>
 */
public final class FlinkCluster {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String master;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(CONNECT).version(HttpClient.Version.HTTP_1_1).build();

  /**
   * What a cluster is.
   *
   * @param version Flink's, e.g. 1.19.3
   * @param taskManagers processes that work
   * @param slots places for workers, in all
   * @param freeSlots those which no job has
   */
  public record Overview(String version, int taskManagers, int slots, int freeSlots) {}

  private FlinkCluster(String master) {
    this.master = master;
  }

  /**
   * A cluster; nothing is asked yet.
   *
   * @param master host and port of its REST interface
   */
  public static FlinkCluster at(String master) {
    return new FlinkCluster(master);
  }

  /** Host and port. */
  public String master() {
    return master;
  }

  /** Where a person sees a job. */
  public String link(String jobId) {
    return "http://" + master + "/#/job/running/" + jobId + "/overview";
  }

  /**
   * What the cluster is now.
   *
   * @throws ClusterException if it does not answer
   */
  public Overview overview() throws ClusterException {
    JsonNode node = required("/overview");
    return new Overview(
        node.path("flink-version").asText(),
        node.path("taskmanagers").asInt(),
        node.path("slots-total").asInt(),
        node.path("slots-available").asInt());
  }

  /**
   * The id of the newest job of a name.
   *
   * @throws ClusterException if the cluster does not answer
   */
  public Optional<String> jobNamed(String name) throws ClusterException {
    Optional<String> newest = Optional.empty();
    long since = Long.MIN_VALUE;
    for (JsonNode job : required("/jobs/overview").path("jobs")) {
      long start = job.path("start-time").asLong();
      if (job.path("name").asText().equals(name) && start >= since) {
        since = start;
        newest = Optional.of(job.path("jid").asText());
      }
    }
    return newest;
  }

  /**
   * How a job is.
   *
   * @throws ClusterException if the cluster does not answer, which says nothing of the job
   */
  public JobStatus status(String jobId) throws ClusterException {
    return get("/jobs/" + jobId)
        .map(job -> JobStatus.of(job.path("state").asText()))
        .orElse(JobStatus.UNKNOWN);
  }

  /**
   * What a job has failed with: the innermost cause's message. Empty where there is none.
   *
   * @throws ClusterException if the cluster does not answer
   */
  public Optional<String> failure(String jobId) throws ClusterException {
    return get("/jobs/" + jobId + "/exceptions").flatMap(FlinkCluster::rootCause);
  }

  private static Optional<String> rootCause(JsonNode exceptions) {
    String trace = exceptions.path("root-exception").asText("");
    for (JsonNode entry : exceptions.path("exceptionHistory").path("entries")) {
      // The last is the newest restart's; the first is what ended the job.
      trace = entry.path("stacktrace").asText(trace);
      break;
    }
    String cause = "";
    for (String line : trace.split("\n", -1)) {
      boolean isFrame = line.startsWith("\t") || line.startsWith("    ") || line.isBlank();
      if (!isFrame && (cause.isEmpty() || line.startsWith("Caused by: "))) {
        cause = line.replaceFirst("^Caused by: ", "");
      }
    }
    return cause.isBlank()
        ? Optional.empty()
        : Optional.of(cause.replaceFirst("^(?:[\\w$]+\\.)+[\\w$]+: ", ""));
  }

  private JsonNode required(String path) throws ClusterException {
    return get(path)
        .orElseThrow(
            () ->
                new ClusterException(
                    "What answers at http://"
                        + master
                        + " is no Flink cluster: it does not know "
                        + path
                        + "; --flink-master is the REST address of the JobManager"));
  }

  private Optional<JsonNode> get(String path) throws ClusterException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master + path)).timeout(ANSWER).build();
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      if (answer.statusCode() != 200) {
        throw new ClusterException(
            "The Flink cluster at "
                + master
                + " answers "
                + path
                + " with HTTP "
                + answer.statusCode());
      }
      return Optional.of(JSON.readTree(answer.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException(
          "Waiting for the Flink cluster at " + master + " was interrupted",
          new InterruptedIOException());
    } catch (ClusterException e) {
      throw e;
    } catch (IOException e) {
      throw new ClusterException(
          "The Flink cluster at "
              + master
              + " does not answer ("
              + why(e)
              + "); --flink-master is the REST address of a JobManager that runs",
          e);
    }
  }

  /** The HTTP client often gives a failure no message. */
  private static String why(IOException failure) {
    if (failure instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    if (failure instanceof ConnectException) {
      return "no connection";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
