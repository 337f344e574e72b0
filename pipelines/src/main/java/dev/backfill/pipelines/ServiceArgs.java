package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.fred.FredKeySource;
import dev.backfill.io.fred.FredOptions;
import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
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
      names = FredKeySource.OPTION,
      paramLabel = "FILE",
      description =
          "A file that holds the key of FRED (default: the environment variable "
              + FredKeySource.VARIABLE
              + ").")
  private @Nullable String fredKeyFile;

  @Option(
      names = "--fred-limit",
      paramLabel = "NUMBER",
      description =
          "Requests that this process puts to FRED in a minute (default 100; the service allows a"
              + " key 120).")
  private @Nullable Integer fredLimit;

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
    ApiOptions api = ApiOptions.of(apiUrl, keySource());
    api.keySource().read();
    return withShareAndCa(api);
  }

  private ApiKeySource keySource() {
    return apiKeyFile == null
        ? ApiKeySource.environment()
        : ApiKeySource.file(Paths.readable("--api-key-file", apiKeyFile).toString());
  }

  private ApiOptions withShareAndCa(ApiOptions options) {
    ApiOptions api = options;
    if (limitShare != null) {
      double share = Limits.decimal("--limit-share", limitShare, PART).doubleValue();
      if (!(share > 0 && share <= 1)) {
        throw new UsageException("--limit-share is " + PART + ", not " + limitShare);
      }
      api = api.withLimitShare(share);
    }
    return caFile == null ? api : api.withCaFile(Paths.readable("--ca-file", caFile).toString());
  }

  /** The service of a job; the key of another need not be there. */
  ApiOptions api(Job job) {
    return Fred.isSourceOf(job) ? withShareAndCa(ApiOptions.of(apiUrl, keySource())) : api();
  }

  /** FRED, as a job needs it; of another's, whatever it is. */
  FredOptions fred(Job job) {
    FredKeySource key =
        fredKeyFile == null
            ? FredKeySource.environment()
            : FredKeySource.file(Paths.readable(FredKeySource.OPTION, fredKeyFile).toString());
    FredOptions fred = ServiceUrls.fred(api(job), key);
    if (Fred.isSourceOf(job)) {
      key.read();
    }
    Integer limit = fredLimit;
    if (limit == null) {
      return fred;
    }
    boolean isReal = fred.http().url().equals(FredOptions.DEFAULT_URL);
    if (limit < 1 || (isReal && limit > FredOptions.ALLOWED_PER_MINUTE)) {
      throw new UsageException(
          "--fred-limit is a number from 1 to "
              + FredOptions.ALLOWED_PER_MINUTE
              + ", which FRED allows a key in a minute, not "
              + limit);
    }
    return fred.withPerMinute(limit);
  }

  /** Whether there is a key for FRED, so that what runs every job can run that one too. */
  boolean hasFredKey() {
    return fredKeyFile != null || System.getenv(FredKeySource.VARIABLE) != null;
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
