package dev.backfill.io.databento;

import static dev.backfill.io.databento.ClientFixture.QUERY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.HttpMessage;
import dev.backfill.io.http.Reply;
import dev.backfill.io.http.ScriptedServer;
import dev.backfill.io.http.ServiceConnectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsAndProxyTest {
  private static final String PASSWORD = "s3cret@:pass";
  private static final String USER_INFO = "me:s3cret%40:pass";
  private static final String PROXY_BASIC =
      "Basic " + Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(UTF_8));

  @TempDir static Path folder;
  private static TestCertificates certificates;
  private final ClientFixture fixture = new ClientFixture();

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.make(folder);
  }

  @Test
  void certificateOfTheCaFileIsTrusted() throws IOException {
    try (ScriptedServer server = tls(Reply.ok("12"));
        HttpHistoricalClient client = fixture.connect(trusting(server))) {
      assertThat(client.recordCount(QUERY), is(12L));
      assertThat(server.request().headers(), hasKey("authorization"));
    }
  }

  @Test
  void certificateOfNobodyIsRefusedAtOnce() throws IOException {
    try (ScriptedServer server = tls(Reply.ok("12"));
        HttpHistoricalClient client = fixture.connect(server.url())) {
      ServiceConnectionException refused =
          assertThrows(ServiceConnectionException.class, () -> client.recordCount(QUERY));
      assertThat(
          refused.getMessage(),
          allOf(
              containsString("the certificate of " + server.url() + " is not trusted"),
              containsString("--ca-file")));
      assertThat(fixture.time.sleeps(), empty());
      assertThat(server.requests(), empty());
    }
  }

  @Test
  void certificateOfAnotherHostIsRefused() throws IOException {
    try (ScriptedServer server = tls(Reply.ok("12"));
        HttpHistoricalClient client =
            fixture.connect(
                ClientFixture.options("https://127.0.0.1:" + server.port())
                    .withCaFile(certificates.caFile().toString()))) {
      assertThrows(ServiceConnectionException.class, () -> client.recordCount(QUERY));
      assertThat(fixture.time.sleeps(), empty());
      assertThat(server.requests(), empty());
    }
  }

  @Test
  void plainServerBehindAnHttpsUrlIsExplained() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpHistoricalClient client =
            fixture.connect("https://localhost:" + plain.getLocalPort())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket connection = plain.accept()) {
                  connection.getInputStream().read();
                  connection.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(UTF_8));
                  connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  // The client has seen enough.
                }
              });
      server.start();
      ServiceConnectionException refused =
          assertThrows(ServiceConnectionException.class, () -> client.getRange(QUERY));
      server.join();
      assertThat(
          refused.getMessage(),
          allOf(
              containsString("no TLS with https://localhost:" + plain.getLocalPort()),
              containsString("Is it https at all?")));
    }
  }

  @Test
  void caFileThatIsNoneIsRefusedBeforeAnyRequest() throws IOException {
    Path text = Files.writeString(folder.resolve("text.pem"), "not a certificate");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    for (String file : new String[] {text.toString(), empty.toString(), folder + "/absent.pem"}) {
      ApiOptions options = ClientFixture.options("https://localhost:1").withCaFile(file);
      ApiSettingsException refused =
          assertThrows(ApiSettingsException.class, () -> fixture.connect(options));
      assertThat(refused.getMessage(), containsString("CA file " + file));
    }
  }

  @Test
  void httpsGoesThroughATunnelAndThePasswordOnlyToTheProxy() throws IOException {
    try (TestProxy proxy = TestProxy.start();
        ScriptedServer server = tls(Reply.ok("12"));
        HttpHistoricalClient client =
            fixture
                .with("HTTPS_PROXY", "http://" + USER_INFO + "@" + proxy.hostAndPort())
                .connect(trusting(server))) {
      assertThat(client.recordCount(QUERY), is(12L));
      assertThat(proxy.requests(), hasSize(1));
      HttpMessage connect = proxy.requests().get(0);
      assertThat(
          connect.method() + " " + connect.target(), is("CONNECT localhost:" + server.port()));
      assertThat(connect.headers(), hasEntry("proxy-authorization", PROXY_BASIC));
      assertThat(connect.headers(), not(hasKey("authorization")));
      assertThat(server.request().headers(), hasKey("authorization"));
      assertThat(server.request().headers(), not(hasKey("proxy-authorization")));
      assertThat(server.request().target(), is("/v0/metadata.get_record_count"));
    }
  }

  @Test
  void httpGoesToTheProxyInAbsoluteForm() throws IOException {
    try (TestProxy proxy = TestProxy.start();
        ScriptedServer server = ScriptedServer.start(Reply.ok("12"));
        HttpHistoricalClient client =
            fixture
                .with("http_proxy", USER_INFO + "@" + proxy.hostAndPort())
                .connect(server.url())) {
      assertThat(client.recordCount(QUERY), is(12L));
      HttpMessage request = proxy.requests().get(0);
      assertThat(request.target(), is(server.url() + "/v0/metadata.get_record_count"));
      assertThat(request.headers(), hasEntry("proxy-authorization", PROXY_BASIC));
      assertThat(server.request().fields(), hasEntry("dataset", "GLBX.MDP3"));
    }
  }

  @Test
  void noProxyGoesThere() throws IOException {
    try (TestProxy proxy = TestProxy.start();
        ScriptedServer server = ScriptedServer.start(Reply.ok("12"));
        HttpHistoricalClient client =
            fixture
                .with("HTTP_PROXY", "http://" + proxy.hostAndPort())
                .with("NO_PROXY", "example.com, localhost")
                .connect(server.url())) {
      assertThat(client.recordCount(QUERY), is(12L));
      assertThat(proxy.requests(), empty());
    }
  }

  @Test
  void refusedCredentialsNameTheProxyWithoutItsPassword() throws IOException {
    for (String scheme : new String[] {"http", "https"}) {
      try (TestProxy proxy = TestProxy.refusing("407 Proxy Authentication Required");
          HttpHistoricalClient client =
              fixture
                  .with(scheme + "_proxy", "http://" + USER_INFO + "@" + proxy.hostAndPort())
                  .connect(scheme + "://localhost:1")) {
        ServiceConnectionException refused =
            assertThrows(ServiceConnectionException.class, () -> client.recordCount(QUERY));
        assertThat(
            refused.getMessage(),
            containsString(
                "the proxy http://***@"
                    + proxy.hostAndPort()
                    + " refused the connection with HTTP 407: check user and password"));
        assertThat(refused.toString(), not(containsString("s3cret")));
        assertThat(proxy.requests(), hasSize(1));
      }
    }
  }

  @Test
  void proxyThatFailsForNowIsAskedAgain() throws IOException {
    try (TestProxy proxy = TestProxy.refusing("503 Busy");
        HttpHistoricalClient client =
            fixture
                .with("HTTPS_PROXY", "http://" + proxy.hostAndPort())
                .connect("https://localhost:1")) {
      assertThrows(ServiceConnectionException.class, () -> client.recordCount(QUERY));
      assertThat(proxy.requests(), hasSize(8));
    }
  }

  @Test
  void unreachableProxyIsNamedWithoutItsPassword() {
    try (HttpHistoricalClient client =
        fixture
            .with("HTTPS_PROXY", "http://" + USER_INFO + "@localhost:1")
            .connect("https://nowhere.invalid")) {
      ServiceConnectionException broken =
          assertThrows(ServiceConnectionException.class, () -> client.getRange(QUERY));
      assertThat(
          broken.getMessage(),
          containsString(
              "no connection to https://nowhere.invalid (through the proxy"
                  + " http://***@localhost:1)"));
    }
  }

  private static ScriptedServer tls(Reply... replies) throws IOException {
    return ScriptedServer.start("https", certificates.serverSockets(), replies);
  }

  private static ApiOptions trusting(ScriptedServer server) {
    return ClientFixture.options(server.url()).withCaFile(certificates.caFile().toString());
  }
}
