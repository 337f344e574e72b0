package dev.backfill.pipelines;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version that the build wrote into the jar. */
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(VersionText.class.getPackage().getImplementationVersion())
            .orElse("(not from a jar)");
    return new String[] {
      "backfill " + version, "Java " + Runtime.version() + " on " + System.getProperty("os.name")
    };
  }
}
