package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.databento.ApiSettingsException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The service, and what part of its limits may be used. */
final class ServiceArgs {
  private static final String PART = "a number above 0 and at most 1, like 0.5";

  @Option(
      names = "--api-url",
      paramLabel = "URL",
      defaultValue = ApiOptions.DEFAULT_URL,
      description = "The service's address (default: ${DEFAULT-VALUE}).")
  private String apiUrl = ApiOptions.DEFAULT_URL;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description =
          "A file that holds the API key (default: the environment variable "
              + ApiKeySource.VARIABLE
              + ").")
  private @Nullable String apiKeyFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Certificates in PEM to trust besides Java's own.")
  private @Nullable String caFile;

  @Option(
      names = "--limit-share",
      paramLabel = "PART",
      description =
          "The part of the service's request limits that this process may use, above 0 to 1"
              + " (default 1); less where others ask with the same key.")
  private @Nullable String limitShare;

  /** Reads the key too, so that a missing one is told before anything else is done. */
  ApiOptions api() {
    ApiKeySource key =
        apiKeyFile == null
            ? ApiKeySource.environment()
            : ApiKeySource.file(Paths.readable("--api-key-file", apiKeyFile).toString());
    ApiOptions api = ApiOptions.of(apiUrl, key);
    api.keySource().read();
    if (limitShare != null) {
      double share = Limits.decimal("--limit-share", limitShare, PART).doubleValue();
      if (!(share > 0 && share <= 1)) {
        throw new UsageException("--limit-share is " + PART + ", not " + limitShare);
      }
      api = api.withLimitShare(share);
    }
    return caFile == null ? api : api.withCaFile(Paths.readable("--ca-file", caFile).toString());
  }

  /** For commands that ask the service only for a price: without a key they do without. */
  Optional<ApiOptions> apiIfThereIsAKey() {
    try {
      return Optional.of(api());
    } catch (ApiSettingsException e) {
      if (apiKeyFile != null) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
