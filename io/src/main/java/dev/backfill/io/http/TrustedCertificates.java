package dev.backfill.io.http;

import dev.backfill.io.crypto.NativeCrypto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that a connection trusts: the system's, and those of a PEM file besides. */
final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * A TLS context that trusts the system's certificates and those in the file.
   *
   * @throws ApiSettingsException if the file cannot be read or holds no certificate
   */
  static SSLContext context(@Nullable String caFile) {
    try {
      if (caFile == null) {
        return NativeCrypto.tls(managers(null));
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : read(caFile)) {
        store.setCertificateEntry("file-" + store.size(), certificate);
      }
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager system) {
          for (X509Certificate certificate : system.getAcceptedIssuers()) {
            store.setCertificateEntry("system-" + store.size(), certificate);
          }
        }
      }
      return NativeCrypto.tls(managers(store));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This Java cannot set up TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> read(String caFile) {
    try (InputStream in = Files.newInputStream(Path.of(caFile))) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new ApiSettingsException(
            "The CA file " + caFile + " holds no certificate; it must be PEM. Check --ca-file");
      }
      return certificates;
    } catch (IOException | InvalidPathException e) {
      throw new ApiSettingsException(
          "Cannot read the CA file " + caFile + " (" + e + "). Check --ca-file", e);
    } catch (CertificateException e) {
      throw new ApiSettingsException(
          "The CA file " + caFile + " is not PEM certificates: " + e.getMessage(), e);
    }
  }
}
