package dev.backfill.pipelines.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.backfill.io.databento.ApiKeySource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The manifests for Kubernetes, held against the schema that Flink's operator publishes. */
class KubernetesTest {
  private static final String CRD = "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";
  private static final Path FOLDER =
      Path.of(System.getProperty("backfill.root", ".."), "runner-configs", "kubernetes");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode yaml(InputStream in) {
    return JSON.valueToTree(new Yaml().load(in));
  }

  private static JsonNode manifest(String name) throws IOException {
    try (InputStream in = Files.newInputStream(FOLDER.resolve(name))) {
      return yaml(in);
    }
  }

  private static JsonSchema schema() throws IOException {
    try (InputStream in = KubernetesTest.class.getResourceAsStream(CRD)) {
      for (JsonNode version : yaml(Objects.requireNonNull(in, CRD)).at("/spec/versions")) {
        if (version.path("name").asText().equals("v1beta1")) {
          JsonNode schema = version.at("/schema/openAPIV3Schema").deepCopy();
          // What every resource has, the API server knows without the operator.
          ObjectNode properties = (ObjectNode) schema.path("properties");
          properties.putObject("apiVersion").put("type", "string");
          properties.putObject("kind").put("type", "string");
          properties.putObject("metadata").put("type", "object");
          forbidUnknown(schema);
          return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
        }
      }
    }
    throw new IllegalStateException("no version v1beta1 in " + CRD);
  }

  /** As the API server does when it validates strictly: a field that is misspelt is an error. */
  private static void forbidUnknown(JsonNode schema) {
    boolean keepsAll = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (schema.isObject() && schema.path("properties").isObject() && !keepsAll) {
      ((ObjectNode) schema).put("additionalProperties", false);
    }
    schema.forEach(KubernetesTest::forbidUnknown);
  }

  private static List<String> faults(JsonNode manifest) throws IOException {
    Set<ValidationMessage> found = schema().validate(manifest);
    return found.stream().map(ValidationMessage::getMessage).sorted().toList();
  }

  @Test
  void theDeploymentIsWhatTheOperatorAccepts() throws IOException {
    assertThat(faults(manifest("flink.yaml")), empty());
  }

  @Test
  void aMisspeltFieldOrAWrongTypeIsSeen() throws IOException {
    ObjectNode misspelt = manifest("flink.yaml").deepCopy();
    ((ObjectNode) misspelt.at("/spec/taskManager")).put("replica", 2);
    assertThat(faults(misspelt), not(empty()));
    ObjectNode wrong = manifest("flink.yaml").deepCopy();
    ((ObjectNode) wrong.at("/spec/taskManager")).put("replicas", "two");
    assertThat(faults(wrong), not(empty()));
  }

  @Test
  void theKeyComesFromASecretAndTheLandingFromAVolumeThatManyMayWrite() throws IOException {
    JsonNode spec = manifest("flink.yaml").path("spec");
    JsonNode pod = spec.at("/podTemplate/spec");
    JsonNode container = pod.at("/containers/0");
    assertThat(container.at("/env/0/name").asText(), equalTo(ApiKeySource.VARIABLE));
    assertThat(container.at("/env/0").has("value"), equalTo(false));
    assertThat(container.at("/env/0/valueFrom/secretKeyRef/name").asText(), equalTo("databento"));

    JsonNode claim = manifest("landing.yaml");
    assertThat(
        pod.at("/volumes/0/persistentVolumeClaim/claimName").asText(),
        equalTo(claim.at("/metadata/name").asText()));
    List<String> modes = new ArrayList<>();
    claim.at("/spec/accessModes").forEach(mode -> modes.add(mode.asText()));
    assertThat(modes, hasItem("ReadWriteMany"));
    assertThat(container.at("/volumeMounts/0/mountPath").asText(), equalTo("/landing"));
  }
}
