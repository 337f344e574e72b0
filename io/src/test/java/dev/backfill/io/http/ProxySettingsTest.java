package dev.backfill.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {
  private static final String URL = "https://hist.databento.com";

  @ParameterizedTest
  @CsvSource({
    "http://proxy:3128, proxy, 3128",
    "proxy:3128/, proxy, 3128",
    "HTTP://proxy, proxy, 80",
    "http://[::1]:3128, [::1], 3128",
    "http://u:p@w@proxy:3128, proxy, 3128",
  })
  void proxiesAreUnderstood(String value, String host, int port) {
    ProxySettings proxy = proxy(URL, Map.of("HTTPS_PROXY", value));
    assertThat(proxy.host(), is(host));
    assertThat(proxy.port(), is(port));
  }

  @Test
  void schemeChoosesTheVariableAndLowerCaseIsFirst() {
    Map<String, String> both =
        Map.of("HTTPS_PROXY", "upper:1", "https_proxy", "lower:2", "HTTP_PROXY", "plain:3");
    assertThat(proxy(URL, both).host(), is("lower"));
    assertThat(proxy("http://hist.databento.com", both).host(), is("plain"));
    assertThat(proxy(URL, Map.of("HTTP_PROXY", "plain:3")), nullValue());
    assertThat(proxy(URL, Map.of("HTTPS_PROXY", "upper:1", "https_proxy", "")), nullValue());
  }

  @ParameterizedTest
  @CsvSource({
    "*, true",
    "hist.databento.com, true",
    "HIST.Databento.COM, true",
    "databento.com, true",
    ".databento.com, true",
    "*.databento.com, true",
    "'a.example, databento.com', true",
    "'a.example  databento.com', true",
    "databento.com:443, true",
    "databento.com:8443, false",
    "bento.com, false",
    "hist.databento, false",
    "'', false",
    "',', false",
  })
  void noProxyExempts(String list, boolean exempt) {
    ProxySettings proxy = proxy(URL, Map.of("HTTPS_PROXY", "proxy:1", "NO_PROXY", list));
    assertThat(proxy == null, is(exempt));
  }

  @Test
  void loopbackIsNotExemptUnlessListed() {
    Map<String, String> environment = Map.of("HTTP_PROXY", "proxy:1", "NO_PROXY", "::1,127.0.0.1");
    assertThat(proxy("http://localhost:8085", environment).host(), is("proxy"));
    assertThat(proxy("http://127.0.0.1:8085", environment), nullValue());
    assertThat(proxy("http://[::1]:8085", environment), nullValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://me:s3cret@proxy:1",
        "https://me:s3cret@proxy:1",
        "http://me:s3cret@proxy:99999",
        "http://me:s3cret@proxy:port",
        "http://me:s3cret%zz@proxy:1",
        "http://me:s3cret@",
      })
  void badProxyIsNamedWithoutItsPassword(String value) {
    ApiSettingsException refused =
        assertThrows(ApiSettingsException.class, () -> proxy(URL, Map.of("HTTPS_PROXY", value)));
    assertThat(refused.getMessage(), containsString("variable HTTPS_PROXY "));
    assertThat(refused.getMessage(), not(containsString("s3cret")));
    assertThat(refused.getCause(), nullValue());
  }

  @Test
  void printsWithoutCredentials() {
    ProxySettings proxy = proxy(URL, Map.of("HTTPS_PROXY", "http://me:s3cret@proxy:3128"));
    assertThat(proxy.toString(), is("http://***@proxy:3128"));
  }

  private static @Nullable ProxySettings proxy(String url, Map<String, String> environment) {
    return ProxySettings.of(URI.create(url), environment::get);
  }
}
