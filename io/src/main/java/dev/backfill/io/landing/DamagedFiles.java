package dev.backfill.io.landing;

import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes damaged files out of the landing's sight, under names that people can find. */
final class DamagedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(DamagedFiles.class);
  private static final String ENDING = ".damaged";

  private DamagedFiles() {}

  /** Whether a file of this kind was set aside. */
  static boolean isSetAside(String kind) {
    return kind.contains(ENDING);
  }

  static void setAside(LandedChunk landed, String reason) throws IOException {
    String uri = landed.getFile();
    String ending = "." + landed.getFormat();
    int name = uri.lastIndexOf('/') + 1;
    if (!uri.endsWith(ending) || name == 0) {
      throw new IllegalArgumentException(
          "Chunk " + landed.getChunk().getChunkId() + " has no landed file, but \"" + uri + "\"");
    }
    Storage folder = new Storage(uri.substring(0, name - 1));
    String data = uri.substring(name);
    String sidecar =
        data.substring(0, data.length() - ending.length()) + "." + LandingNames.SIDECAR;
    // A data file without sidecar would be adopted; a sidecar without data file is passed over.
    String other = rename(folder, data);
    rename(folder, sidecar);
    LOG.warn("{} is set aside as {}: {}", uri, other, reason);
  }

  /** Gives a file a name that is free; the one that it would have, where the file is gone. */
  private static String rename(Storage folder, String name) throws IOException {
    String other = name + ENDING;
    for (int i = 2; folder.size(other) >= 0; i++) {
      other = name + ENDING + i;
    }
    if (folder.size(name) >= 0) {
      folder.publish(name, other);
    }
    return other;
  }
}
