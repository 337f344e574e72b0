package dev.backfill.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A certificate for the loopback names, made by the JDK's keytool in a temporary folder. */
final class SelfSigned {
  private static final String ALIAS = "emulator";

  private final Path folder;
  private final String password;

  private SelfSigned(Path folder, String password) {
    this.folder = folder;
    this.password = password;
  }

  static SelfSigned make() {
    try {
      SelfSigned made =
          new SelfSigned(
              Files.createTempDirectory("backfill-emulator-tls"), UUID.randomUUID().toString());
      made.keytool(
          "-genkeypair",
          "-keyalg",
          "EC",
          "-groupname",
          "secp256r1",
          "-validity",
          "365",
          "-dname",
          "CN=127.0.0.1",
          "-ext",
          "san=ip:127.0.0.1,dns:localhost",
          "-ext",
          "bc:critical=ca:true");
      made.keytool("-exportcert", "-rfc", "-file", made.pem().toString());
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a certificate for TLS", e);
    }
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    command.addAll(
        List.of("-alias", ALIAS, "-keystore", store().toString(), "-storetype", "PKCS12"));
    // The password of a store that lives as long as the process; -storepass:env keeps it off ps.
    command.addAll(List.of("-storepass:env", "STORE_PASSWORD"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("STORE_PASSWORD", password);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException("keytool ended with " + exit + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private Path store() {
    return folder.resolve("emulator.p12");
  }

  Path pem() {
    return folder.resolve("emulator.pem");
  }

  SslContextFactory.Server serverContext() {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStorePath(store().toUri().toString());
    context.setKeyStorePassword(password);
    context.setSniRequired(false);
    return context;
  }

  void delete() {
    try {
      Files.deleteIfExists(store());
      Files.deleteIfExists(pem());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
