package dev.backfill.io.databento;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the service. Holds no secret: the key is read by its source, and proxies with their
 * passwords from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, both where the client is made.
 *
 * @param url the service, without {@code /v0}; http or https
 * @param caFile PEM certificates that are trusted besides the system's; null for none
 * @param connectTimeout for the connection alone
 * @param firstByteTimeout until the answer begins: the service plans before it answers
 * @param idleTimeout between two reads of a body that has begun; there is no total limit
 * @param limitShare the part of the service's limits that this process may use, above 0 to 1: less
 *     where other processes or machines ask with the same key
 */
public record ApiOptions(
    String url,
    ApiKeySource keySource,
    @Nullable String caFile,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    String userAgent,
    double limitShare)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The real service. */
  public static final String DEFAULT_URL = "https://hist.databento.com";

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d+){3}|\\[(::|(0+:){7}0*)1]");
  private static final Pattern USER_INFO = Pattern.compile("//.*@");

  /** Checks the url, with {@link ApiSettingsException}, and drops a slash at its end. */
  public ApiOptions {
    url = checked(url);
    positive("connectTimeout", connectTimeout);
    positive("firstByteTimeout", firstByteTimeout);
    positive("idleTimeout", idleTimeout);
    if (!(limitShare > 0 && limitShare <= 1)) {
      throw new IllegalArgumentException(
          "limitShare must be above 0 and at most 1, but is " + limitShare);
    }
  }

  /** The given service with the key from the given source, and everything else as usual. */
  public static ApiOptions of(String url, ApiKeySource keySource) {
    return new ApiOptions(
        url,
        keySource,
        null,
        Duration.ofSeconds(30),
        Duration.ofSeconds(120),
        Duration.ofSeconds(100),
        userAgentOfProduct(),
        1);
  }

  /** These options with certificates that are trusted besides the system's; null for none. */
  public ApiOptions withCaFile(@Nullable String path) {
    return new ApiOptions(
        url, keySource, path, connectTimeout, firstByteTimeout, idleTimeout, userAgent, limitShare);
  }

  /** These options with a part of the service's limits, see the class. */
  public ApiOptions withLimitShare(double share) {
    return new ApiOptions(
        url, keySource, caFile, connectTimeout, firstByteTimeout, idleTimeout, userAgent, share);
  }

  /** These options with other timeouts; for pipelines that use DatabentoIO, and tests. */
  public ApiOptions withTimeouts(Duration connect, Duration firstByte, Duration idle) {
    return new ApiOptions(url, keySource, caFile, connect, firstByte, idle, userAgent, limitShare);
  }

  URI uri() {
    return URI.create(url);
  }

  /** Scheme, host, and port where it is not the scheme's own. */
  String origin() {
    URI uri = uri();
    int port = uri.getPort() == defaultPort(uri.getScheme()) ? -1 : uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + (port == -1 ? "" : ":" + port);
  }

  /** Whether the key would leave this machine unencrypted. */
  boolean sendsKeyInTheClear() {
    return uri().getScheme().equals("http") && !LOOPBACK.matcher(uri().getHost()).matches();
  }

  static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private static String checked(String url) {
    URI uri;
    try {
      uri = new URI(url.strip());
    } catch (URISyntaxException e) {
      throw invalid(url, "cannot be parsed: " + e.getReason());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw invalid(url, "must start with http:// or https://");
    }
    if (uri.getRawUserInfo() != null || url.indexOf('@') >= 0) {
      throw invalid(url, "must not hold a user name or a key: use " + ApiKeySource.VARIABLE);
    }
    if (uri.getHost() == null) {
      throw invalid(url, "must name a host");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid(url, "must not have a query or a fragment");
    }
    String path = uri.getRawPath().replaceAll("/+$", "");
    if (path.endsWith("/v0")) {
      throw invalid(url, "must be given without /v0");
    }
    String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path;
  }

  private static ApiSettingsException invalid(String url, String rule) {
    String shown = USER_INFO.matcher(url.replaceAll("[?#].*", "?…")).replaceAll("//…@");
    return new ApiSettingsException(
        "The API url " + shown + " " + rule + ". The service's own is " + DEFAULT_URL);
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + " must be from 1 ms to " + Integer.MAX_VALUE + " ms, but is " + value);
    }
  }

  private static String userAgentOfProduct() {
    String version = ApiOptions.class.getPackage().getImplementationVersion();
    return version == null ? "backfill" : "backfill/" + version;
  }
}
