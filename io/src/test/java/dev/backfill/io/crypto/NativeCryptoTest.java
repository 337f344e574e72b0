package dev.backfill.io.crypto;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.sameInstance;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Security;
import java.util.HexFormat;
import java.util.Random;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;

/** The same digests as the JDK's, whoever computes them. */
class NativeCryptoTest {
  @Test
  void theDigestIsThatOfTheStandard() {
    assertThat(
        HexFormat.of()
            .formatHex(NativeCrypto.sha256().digest("abc".getBytes(StandardCharsets.US_ASCII))),
        equalTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void piecesOfAnyLengthGiveTheDigestOfTheWhole() throws Exception {
    byte[] bytes = new byte[100_003];
    Random random = new Random(5);
    random.nextBytes(bytes);
    MessageDigest pieces = NativeCrypto.sha256();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, random.nextInt(9_000));
      pieces.update(bytes, at, length);
      at += length;
    }
    assertThat(pieces.digest(), equalTo(MessageDigest.getInstance("SHA-256").digest(bytes)));
  }

  /** As Flink loads the classes of a job. */
  private static final class OfOneJob extends URLClassLoader {
    OfOneJob(URL... urls) {
      super(urls, NativeCryptoTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      boolean isOwn = name.startsWith(NativeCrypto.class.getName());
      return isOwn ? findClass(name) : super.loadClass(name, resolve);
    }
  }

  @Test
  void aJobsClassesAreNotHeldByANativeLibrary() throws Exception {
    URL classes = NativeCrypto.class.getProtectionDomain().getCodeSource().getLocation();
    try (OfOneJob loader = new OfOneJob(classes)) {
      Class<?> crypto = loader.loadClass(NativeCrypto.class.getName());
      assertThat(crypto.getClassLoader(), sameInstance(loader));
      MessageDigest digest = (MessageDigest) crypto.getMethod("sha256").invoke(null);
      assertThat(digest.getProvider(), sameInstance(Security.getProvider("SUN")));
    }
    assertThat(
        NativeCrypto.sha256().getProvider().getName(),
        equalTo(Conscrypt.isAvailable() ? "Conscrypt" : "SUN"));
  }
}
