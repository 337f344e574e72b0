package dev.backfill.io.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as the environment names it. Prints without its password.
 *
 * @param authorization the value of the Proxy-Authorization header; null without credentials
 */
record ProxySettings(String host, int port, @Nullable String authorization) {
  // scheme, user and password, host or [v6], port. The user part is greedy: a password may hold @.
  private static final Pattern PROXY =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z0-9+.-]+)://)?(?:(?<user>.*)@)?"
              + "(?<host>\\[[0-9A-Fa-f:.]+]|[^\\s:/@\\[\\]]+)(?::(?<port>\\d{1,5}))?/*");
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  /**
   * The proxy for the url, from HTTPS_PROXY or HTTP_PROXY by the url's scheme, unless NO_PROXY
   * exempts its host; null for none. The names in lower case count too, and before the others.
   *
   * @throws ApiSettingsException if the variable cannot be understood; the message does not show
   *     its credentials
   */
  static @Nullable ProxySettings of(URI url, UnaryOperator<@Nullable String> environment) {
    String name = url.getScheme() + "_proxy";
    String value = variable(name, environment);
    if (value.isEmpty() || exempt(url, variable("no_proxy", environment))) {
      return null;
    }
    return parse(name.toUpperCase(Locale.ROOT), value);
  }

  private static String variable(String name, UnaryOperator<@Nullable String> environment) {
    String value = environment.apply(name);
    if (value == null) {
      value = environment.apply(name.toUpperCase(Locale.ROOT));
    }
    return value == null ? "" : value.strip();
  }

  private static ProxySettings parse(String name, String value) {
    Matcher parts = PROXY.matcher(value);
    if (!parts.matches()) {
      throw invalid(name, "must look like http://user:password@host:port");
    }
    String scheme = parts.group("scheme");
    if (scheme != null && !scheme.equalsIgnoreCase("http")) {
      throw invalid(name, "must be a proxy that is spoken to by http://, but is " + scheme + "://");
    }
    int port = parts.group("port") == null ? 80 : Integer.parseInt(parts.group("port"));
    if (port < 1 || port > 65_535) {
      throw invalid(name, "must have a port from 1 to 65535, but has " + port);
    }
    String user = parts.group("user");
    return new ProxySettings(
        parts.group("host"), port, user == null ? null : authorization(name, user));
  }

  private static String authorization(String name, String user) {
    String[] parts = user.split(":", 2);
    String plain =
        decoded(name, parts[0]) + ":" + (parts.length < 2 ? "" : decoded(name, parts[1]));
    byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static String decoded(String name, String text) {
    try {
      // A plus is a plus here: only %xx is encoded.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The cause would show the password.
      throw invalid(name, "has a user or password with a % that encodes nothing; write %25");
    }
  }

  private static ApiSettingsException invalid(String name, String rule) {
    return new ApiSettingsException("The environment variable " + name + " " + rule);
  }

  /** A name in the list exempts its host and all below it; {@code *} exempts all. */
  private static boolean exempt(URI url, String list) {
    String host = bare(url.getHost());
    int port = url.getPort() == -1 ? HttpOptions.defaultPort(url.getScheme()) : url.getPort();
    for (String entry : SEPARATOR.splitAsStream(list).toList()) {
      if (entry.equals("*") || (!entry.isEmpty() && matches(entry, host, port))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String entry, String host, int port) {
    Matcher parts = PROXY.matcher(entry);
    if (!parts.matches() || parts.group("scheme") != null) {
      return bare(entry).equals(host); // A bare IPv6 address.
    }
    if (parts.group("port") != null && Integer.parseInt(parts.group("port")) != port) {
      return false;
    }
    String name = bare(parts.group("host")).replaceFirst("^\\*?\\.", "");
    return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
  }

  private static String bare(String host) {
    return host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
  }

  /** Scheme, host and port; credentials are only hinted at. */
  @Override
  public String toString() {
    return "http://" + (authorization == null ? "" : "***@") + host + ":" + port;
  }
}
