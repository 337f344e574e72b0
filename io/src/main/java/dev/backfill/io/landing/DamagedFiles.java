package dev.backfill.io.landing;

import dev.backfill.io.landing.LandingNames.Generation;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files that cannot be trusted out of the landing's sight: into {@code quarantine/} beside
 * the sources' folders, under the path that they had, with the reason in a text file beside them.
 * Nothing is deleted.
 */
final class DamagedFiles {
  /** The folder, below the landing's root. */
  static final String FOLDER = "quarantine";

  static final String REASON = ".reason.txt";

  private static final Logger LOG = LoggerFactory.getLogger(DamagedFiles.class);

  /** Source, dataset, schema and name: what leads from the root to a file of the landing. */
  private static final int DEPTH = 4;

  private DamagedFiles() {}

  /** Moves a landed chunk's answer, contracts and sidecar. */
  static void setAside(LandedChunk landed, String reason) throws IOException {
    setAside(landed.getFile(), reason);
  }

  /** Moves an answer by its path or URI, and what belongs to it. */
  static void setAside(String uri, String reason) throws IOException {
    int root = uri.length();
    for (int i = 0; i < DEPTH && root > 0; i++) {
      root = uri.lastIndexOf('/', root - 1);
    }
    Optional<LandingNames.Parsed> parsed =
        LandingNames.parse(uri.substring(uri.lastIndexOf('/') + 1));
    if (root <= 0 || parsed.isEmpty()) {
      throw new IllegalArgumentException("\"" + uri + "\" is no file of a landing");
    }
    Storage storage = new Storage(uri.substring(0, root));
    String folder = uri.substring(root + 1, uri.lastIndexOf('/'));
    Generation generation = parsed.get().generation();
    // The answer first: a sidecar without one is passed over, an answer without one is adopted.
    List<String> kinds = List.of(parsed.get().kind(), LandingNames.CONTRACTS, LandingNames.SIDECAR);
    move(storage, folder, kinds.stream().map(generation::file).toList(), reason);
  }

  /**
   * Moves files of a folder, those that are there.
   *
   * @param names without folder, in the order in which they are moved
   */
  static void move(Storage storage, String folder, List<String> names, String reason)
      throws IOException {
    List<String> moved = new ArrayList<>();
    for (String name : names) {
      if (storage.size(folder + "/" + name) >= 0) {
        String other = free(storage, FOLDER + "/" + folder + "/" + name);
        storage.move(folder + "/" + name, other);
        moved.add(other);
      }
    }
    if (!moved.isEmpty()) {
      String text = reason + System.lineSeparator();
      storage.write(moved.get(0) + REASON, text.getBytes(StandardCharsets.UTF_8));
      LOG.warn("{} is not used and lies in quarantine now: {}", storage.uri(moved.get(0)), reason);
    }
  }

  /** A name that no file has: quarantined twice stays twice. */
  private static String free(Storage storage, String name) throws IOException {
    String other = name;
    for (int i = 2; storage.size(other) >= 0; i++) {
      other = name + "." + i;
    }
    return other;
  }
}
