package dev.backfill.emulator;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class EmulatorServerTest {
  private static HttpResponse<String> root(HttpClient client, String url) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + "/v0/")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient trusting(Path pem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "emulator", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  @Test
  void tlsWorksForThoseWhoTrustTheCertificate() throws Exception {
    Path pem;
    try (EmulatorServer server = EmulatorServer.start(EmulatorConfig.builder().tls(true).build())) {
      pem = server.caFile().orElseThrow();
      assertThat(server.url(), startsWith("https://127.0.0.1:"));
      HttpClient client = trusting(pem);
      assertThat(root(client, server.url()).statusCode(), is(200));
      assertThat(root(client, "https://localhost:" + server.port()).statusCode(), is(200));
      assertThrows(
          SSLHandshakeException.class, () -> root(HttpClient.newHttpClient(), server.url()));
    }
    assertThat(Files.exists(pem), is(false));
  }

  @Test
  void aTakenPortIsNamed() {
    try (EmulatorServer first = EmulatorServer.start(EmulatorConfig.builder().build())) {
      UncheckedIOException e =
          assertThrows(
              UncheckedIOException.class,
              () -> EmulatorServer.start(EmulatorConfig.builder().port(first.port()).build()));
      assertThat(e.getMessage(), containsString("127.0.0.1:" + first.port()));
      assertThat(e.getCause() instanceof BindException, is(true));
    }
  }

  @Test
  void whatElseStopsAStartIsNotBlamedOnThePort() {
    IOException e =
        EmulatorServer.failure(
            EmulatorConfig.builder().build(), new IllegalStateException("no threads left"));
    assertThat(e instanceof BindException, is(false));
    assertThat(
        e.getMessage(), is("cannot start: java.lang.IllegalStateException: no threads left"));
  }

  @Test
  void aClosedServerAnswersNoMore() throws Exception {
    EmulatorServer server = EmulatorServer.start(EmulatorConfig.builder().seed(9).build());
    String url = server.url();
    assertThat(root(HttpClient.newHttpClient(), url).body(), containsString("\"seed\":9"));
    server.close();
    assertThrows(IOException.class, () -> root(HttpClient.newHttpClient(), url));
  }

  @Test
  void aVersionThatDoesNotExistIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> EmulatorConfig.builder().dbnVersion(4));
  }
}
