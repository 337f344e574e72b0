package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.ApiSettingsException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiSettingsTest {
  @TempDir Path folder;

  @Test
  void keyComesFromTheEnvironment() {
    ApiKey key =
        ApiKeySource.environment().read(Map.of("DATABENTO_API_KEY", ClientFixture.KEY)::get);
    assertThat(key.toString(), is("db-…pqrs"));
    assertThat(String.valueOf((Object) key), not(containsString(ClientFixture.KEY)));
    assertThat(key, not(instanceOf(Serializable.class)));
  }

  @Test
  void keyComesFromAFileWithoutItsLineEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "  " + ClientFixture.KEY + "\r\n");
    ApiKey key = ApiKeySource.file(file.toString()).read(Map.<String, String>of()::get);
    assertThat(key.authorization(), is("Basic ZGItMDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnM6"));
  }

  @Test
  void missingKeySaysWhatToDo() {
    ApiSettingsException missing =
        assertThrows(
            ApiSettingsException.class,
            () -> ApiKeySource.environment().read(Map.<String, String>of()::get));
    assertThat(
        missing.getMessage(),
        is(
            "No API key: set the environment variable DATABENTO_API_KEY, or name a file that holds"
                + " it with --api-key-file"));
    ApiSettingsException absent =
        assertThrows(
            ApiSettingsException.class, () -> ApiKeySource.file(folder + "/absent").read());
    assertThat(
        absent.getMessage(),
        allOf(
            startsWith("Cannot read the API key file " + folder + "/absent"),
            containsString("--api-key-file")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db-tooshortSECRET",
        "xx-0123456789SECRETghijklmnopqrs",
        "db-0123456789SECRETghijklmnopqrs-and-more",
        "db-0123456789SECRET hijklmnopqrs",
        "db-0123456789SECRETéhijklmnopqrs",
      })
  void keyOfAnotherFormIsRefusedWithoutShowingIt(String text) {
    ApiSettingsException refused =
        assertThrows(ApiSettingsException.class, () -> ApiKey.of(text, "DATABENTO_API_KEY"));
    assertThat(refused.getMessage(), startsWith("The API key in DATABENTO_API_KEY must be 32"));
    assertThat(refused.toString(), not(containsString("SECRET")));
  }

  @Test
  void emptyKeyIsRefused() {
    assertThat(
        assertThrows(ApiSettingsException.class, () -> ApiKey.of(" \n", "X")).getMessage(),
        startsWith("The API key in X is empty"));
  }

  @ParameterizedTest
  @CsvSource({
    "hist.databento.com, must start with http:// or https://",
    "ftp://hist.databento.com, must start with http:// or https://",
    "https://me:s3cret@hist.databento.com, must not hold a user name",
    "https://s3cret@/x, must not hold a user name",
    "https://hist.databento.com?key=s3cret, must not have a query",
    "https://hist.databento.com/#s3cret, must not have a query",
    "https://hist.databento.com/v0/, must be given without /v0",
    "https:///x, must name a host",
    "http://a b, cannot be parsed",
    "'', must start with",
  })
  void badUrlIsRefusedWithoutShowingSecrets(String url, String rule) {
    ApiSettingsException refused =
        assertThrows(
            ApiSettingsException.class, () -> ApiOptions.of(url, ApiKeySource.environment()));
    assertThat(refused.getMessage(), containsString(rule));
    assertThat(refused.getMessage(), not(containsString("s3cret")));
  }

  @Test
  void optionsTravelWithoutTheKey() {
    ApiOptions options =
        ApiOptions.of(ApiOptions.DEFAULT_URL, ApiKeySource.file("key.txt")).withCaFile("ca.pem");
    assertThat(SerializableUtils.clone(options), is(options));
    assertThat(options.http().connectTimeout().toSeconds(), is(30L));
    assertThat(options.http().firstByteTimeout().toSeconds(), is(120L));
    assertThat(options.http().idleTimeout().toSeconds(), is(100L));
  }
}
