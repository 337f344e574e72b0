package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a launcher keeps in the landing of a job that it gives to a cluster, so that another
 * launcher can find it.
 *
 * @param master host and port of the cluster's REST interface
 * @param name the job's on the cluster; it holds the run's id
 * @param job which is being landed
 * @param dataset of it
 * @param schema of it
 * @param chunks how many are to be asked
 */
record ClusterJob(
    String master, String name, String job, String dataset, String schema, int chunks) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static ClusterJob of(String master, Job job, String runId, int chunks) {
    return new ClusterJob(
        master,
        "backfill " + job.name() + " " + runId,
        job.name(),
        job.dataset(),
        job.schema(),
        chunks);
  }

  /** Whether it lands what this job is about. */
  boolean lands(Job other) {
    return dataset.equals(other.dataset()) && schema.equals(other.schema());
  }

  byte[] json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("flink_master", master)
        .put("flink_job", name)
        .put("job", job)
        .put("dataset", dataset)
        .put("schema", schema)
        .put("chunks", chunks);
    return node.toPrettyString().getBytes(StandardCharsets.UTF_8);
  }

  static ClusterJob read(byte[] json) throws IOException {
    JsonNode node = JSON.readTree(json);
    return new ClusterJob(
        node.path("flink_master").asText(),
        node.path("flink_job").asText(),
        node.path("job").asText(),
        node.path("dataset").asText(),
        node.path("schema").asText(),
        node.path("chunks").asInt());
  }
}
