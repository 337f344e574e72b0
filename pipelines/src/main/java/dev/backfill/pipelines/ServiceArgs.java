package dev.backfill.pipelines;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The service, and how much is asked of it at once. */
final class ServiceArgs {
  private static final int MOST_SLOTS = 100;

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
              + ApiOptions.KEY_VARIABLE
              + ").")
  private @Nullable String apiKeyFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Certificates in PEM to trust besides Java's own.")
  private @Nullable String caFile;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Requests at one time, 1 to " + MOST_SLOTS + ".")
  private @Nullable Integer parallelism;

  ApiOptions api() {
    return new ApiOptions(
        url(apiUrl),
        Optional.ofNullable(apiKeyFile).map(f -> Paths.readable("--api-key-file", f)),
        Optional.ofNullable(caFile).map(f -> Paths.readable("--ca-file", f)));
  }

  OptionalInt parallelism() {
    if (parallelism == null) {
      return OptionalInt.empty();
    }
    if (parallelism < 1 || parallelism > MOST_SLOTS) {
      throw new UsageException("--parallelism is 1 to " + MOST_SLOTS + ", not " + parallelism);
    }
    return OptionalInt.of(parallelism);
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      if (url.getRawUserInfo() != null) {
        throw new UsageException(
            "--api-url must hold no name or password; the key comes from "
                + ApiOptions.KEY_VARIABLE
                + " or --api-key-file");
      }
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!isHttp || url.getHost() == null) {
        throw new UsageException(
            "--api-url is an http or https address, like http://127.0.0.1:8085, not " + text);
      }
      return url;
    } catch (URISyntaxException e) {
      throw new UsageException("--api-url is not an address: " + e.getReason(), e);
    }
  }
}
