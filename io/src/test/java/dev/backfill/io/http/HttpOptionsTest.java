package dev.backfill.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "https://hist.databento.com, https://hist.databento.com",
    "HTTPS://Hist.Databento.com:443/, https://hist.databento.com",
    "http://127.0.0.1:8085, http://127.0.0.1:8085",
    "http://localhost:80, http://localhost",
    "http://[::1]:8085/, http://[::1]:8085",
    "https://gateway.example/databento/, https://gateway.example",
  })
  void originIsSchemeHostAndPort(String url, String origin) {
    assertThat(HttpOptions.of(url).origin(), is(origin));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8085, false",
    "http://127.0.0.1:8085, false",
    "http://[::1]:8085, false",
    "https://hist.databento.com, false",
    "http://hist.databento.com, true",
    "http://127.0.0.1.example.com, true",
    "http://10.0.0.1, true",
  })
  void keyInTheClearIsNoticed(String url, boolean clear) {
    assertThat(HttpOptions.of(url).sendsKeyInTheClear(), is(clear));
  }
}
