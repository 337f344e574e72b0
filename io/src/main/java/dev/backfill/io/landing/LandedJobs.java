package dev.backfill.io.landing;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a landing keeps of the jobs that filled it, in {@code <root>/jobs/<name>.json}, so that a
 * database that is made again from it has their tables. The content is the caller's. Immutable,
 * safe for several threads and processes; two that write one name at once keep the last.
 */
public final class LandedJobs {
  private static final String FOLDER = "jobs";
  private static final String SUFFIX = ".json";

  private final Storage storage;

  LandedJobs(Storage storage) {
    this.storage = storage;
  }

  private static String file(String name) {
    return FOLDER + "/" + LandingNames.part("name", name) + SUFFIX;
  }

  /** Path or URI of what is kept under a name, for messages. */
  public String uri(String name) {
    return storage.uri(file(name));
  }

  /** Keeps a job, instead of what was kept under this name. */
  public void write(String name, byte[] json) throws IOException {
    storage.write(file(name), json);
  }

  /** What is kept under a name. */
  public Optional<byte[]> read(String name) throws IOException {
    return storage.size(file(name)) < 0 ? Optional.empty() : Optional.of(storage.read(file(name)));
  }

  /** All that is kept, in the order of the names; nothing where there is no landing. */
  public Map<String, byte[]> all() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (String file : storage.list(FOLDER, "")) {
      if (file.endsWith(SUFFIX)) {
        all.put(
            file.substring(0, file.length() - SUFFIX.length()), storage.read(FOLDER + "/" + file));
      }
    }
    return all;
  }
}
