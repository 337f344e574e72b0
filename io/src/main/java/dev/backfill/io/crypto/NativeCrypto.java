package dev.backfill.io.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 and TLS by Conscrypt where its native library loads, else by the JDK: the same results,
 * three to five times slower under the launcher's settings. Thread-safe.
 *
 * <p>Only for classes that live as long as their process. Conscrypt's library never lets go of the
 * class loader that has loaded it: a Flink worker, which has one for each job, would keep every
 * job's classes until it runs out of metaspace. Such a worker lives long enough for the JDK's own
 * crypto to be compiled in full.
 */
public final class NativeCrypto {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCrypto.class);

  private NativeCrypto() {}

  /** Loads the library once, when it is first needed. */
  private static final class Holder {
    static final @Nullable Provider PROVIDER = load();

    private static @Nullable Provider load() {
      if (!livesAsLongAsTheProcess()) {
        return null;
      }
      if (!Conscrypt.isAvailable()) {
        LOG.info("Conscrypt has no library for this platform; the JDK's own crypto is used");
        return null;
      }
      return Conscrypt.newProvider();
    }
  }

  private static boolean livesAsLongAsTheProcess() {
    return NativeCrypto.class.getClassLoader() == ClassLoader.getSystemClassLoader();
  }

  /** A SHA-256 digest. */
  public static MessageDigest sha256() {
    Provider provider = Holder.PROVIDER;
    try {
      return provider == null
          ? MessageDigest.getInstance("SHA-256")
          : MessageDigest.getInstance("SHA-256", provider);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /**
   * A client's TLS context. Whoever connects checks the host's name.
   *
   * @param trust decides which certificates are trusted
   */
  public static SSLContext tls(TrustManager[] trust) throws GeneralSecurityException {
    Provider provider = Holder.PROVIDER;
    SSLContext context =
        provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
    context.init(new KeyManager[0], trust, null);
    return context;
  }
}
