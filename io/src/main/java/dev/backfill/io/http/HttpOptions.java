package dev.backfill.io.http;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a service over HTTP. Holds no secret: proxies with their passwords are read from
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY where the channel is made.
 *
 * @param url http or https, with or without a path; without a slash at its end
 * @param caFile PEM certificates that are trusted besides the system's; null for none
 * @param connectTimeout for the connection alone
 * @param firstByteTimeout until the answer begins: a service may plan before it answers
 * @param idleTimeout between two reads of a body that has begun; there is no total limit
 */
public record HttpOptions(
    String url,
    @Nullable String caFile,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    String userAgent)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d+){3}|\\[(::|(0+:){7}0*)1]");
  private static final Pattern USER_INFO = Pattern.compile("//.*@");

  /** Checks the url, with {@link ApiSettingsException}, and drops a slash at its end. */
  public HttpOptions {
    url = checked(url);
    positive("connectTimeout", connectTimeout);
    positive("firstByteTimeout", firstByteTimeout);
    positive("idleTimeout", idleTimeout);
  }

  /** The service at a url, and everything else as usual. */
  public static HttpOptions of(String url) {
    return new HttpOptions(
        url,
        null,
        Duration.ofSeconds(30),
        Duration.ofSeconds(120),
        Duration.ofSeconds(100),
        userAgentOfProduct());
  }

  /** These options for another service. */
  public HttpOptions withUrl(String other) {
    return new HttpOptions(other, caFile, connectTimeout, firstByteTimeout, idleTimeout, userAgent);
  }

  /** These options with certificates that are trusted besides the system's; null for none. */
  public HttpOptions withCaFile(@Nullable String path) {
    return new HttpOptions(url, path, connectTimeout, firstByteTimeout, idleTimeout, userAgent);
  }

  /** These options with other timeouts. */
  public HttpOptions withTimeouts(Duration connect, Duration firstByte, Duration idle) {
    return new HttpOptions(url, caFile, connect, firstByte, idle, userAgent);
  }

  /** Scheme, host, and port where it is not the scheme's own. */
  public String origin() {
    URI uri = uri();
    int port = uri.getPort() == defaultPort(uri.getScheme()) ? -1 : uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + (port == -1 ? "" : ":" + port);
  }

  URI uri() {
    return URI.create(url);
  }

  /** Whether a key would leave this machine unencrypted. */
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
      throw invalid(url, "must not hold a user name or a key");
    }
    if (uri.getHost() == null) {
      throw invalid(url, "must name a host");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid(url, "must not have a query or a fragment");
    }
    String path = uri.getRawPath().replaceAll("/+$", "");
    String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path;
  }

  private static ApiSettingsException invalid(String url, String rule) {
    String shown = USER_INFO.matcher(url.replaceAll("[?#].*", "?…")).replaceAll("//…@");
    return new ApiSettingsException("The API url " + shown + " " + rule);
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + " must be from 1 ms to " + Integer.MAX_VALUE + " ms, but is " + value);
    }
  }

  private static String userAgentOfProduct() {
    String version = HttpOptions.class.getPackage().getImplementationVersion();
    return version == null ? "backfill" : "backfill/" + version;
  }
}
