package dev.backfill.io.crypto;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
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
}
