package dev.backfill.io.landing;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The names in a local folder by chunk, so that a look for one chunk does not list them all. One
 * for each folder of the process, which knows at once what the process itself writes. What others
 * write is seen when the folder is listed anew: every {@link #KEPT_NS}, or when a name turns out to
 * be gone. Safe for several threads.
 */
final class FolderNames {
  /** For so long a listing is believed. */
  static final long KEPT_NS = 5_000_000_000L;

  private static final Map<String, FolderNames> FOLDERS = new ConcurrentHashMap<>();

  private final LongSupplier ticker;
  private final Map<String, Set<String>> byChunk = new HashMap<>();
  private boolean listed;
  private long listedAt;

  /**
   * Names that have not been listed.
   *
   * @param ticker nanoseconds since anything
   */
  FolderNames(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** The names of a chunk, as of now or {@link #KEPT_NS} ago. */
  static List<String> of(Storage storage, String folder, String chunkId) throws IOException {
    return FOLDERS
        .computeIfAbsent(storage.uri(folder), uri -> new FolderNames(System::nanoTime))
        .look(storage, folder, chunkId);
  }

  /** Tells that this process has given a file its name. */
  static void published(String uri) {
    int name = uri.lastIndexOf('/') + 1;
    FolderNames folder = name == 0 ? null : FOLDERS.get(uri.substring(0, name - 1));
    if (folder != null) {
      folder.add(uri.substring(name));
    }
  }

  /** Lets every folder below a root be listed anew when it is next looked into. */
  static void forget(String root) {
    FOLDERS.forEach(
        (uri, names) -> {
          if (uri.startsWith(root + "/")) {
            names.forget();
          }
        });
  }

  private synchronized void forget() {
    listed = false;
  }

  synchronized List<String> look(Storage storage, String folder, String chunkId)
      throws IOException {
    if (!listed || ticker.getAsLong() - listedAt > KEPT_NS) {
      list(storage, folder);
    }
    for (String name : names(chunkId)) {
      if (storage.size(folder + "/" + name) < 0) {
        list(storage, folder);
        break;
      }
    }
    return names(chunkId).stream().sorted().toList();
  }

  private Set<String> names(String chunkId) {
    return byChunk.getOrDefault(chunkId, Set.of());
  }

  private void list(Storage storage, String folder) throws IOException {
    // Before the look: what comes while it lasts is of the next one.
    listedAt = ticker.getAsLong();
    byChunk.clear();
    storage.list(folder, "").forEach(this::add);
    listed = true;
  }

  synchronized void add(String name) {
    byChunk.computeIfAbsent(LandingNames.chunkId(name), id -> new HashSet<>()).add(name);
  }
}
