package dev.backfill.io.landing;

import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells from a folder's names which chunks are here in full, themselves or in parts. */
final class SplitChunks {
  private static final Logger LOG = LoggerFactory.getLogger(SplitChunks.class);

  /** The parts by the URI of the sidecar that names them: it never changes. */
  private static final Map<String, List<String>> PARTS = new ConcurrentHashMap<>();

  private final Set<String> landed = new HashSet<>();
  private final Map<String, List<String>> parts = new HashMap<>();

  private SplitChunks() {}

  /** The ids of chunks that are here in full. */
  static Set<String> landed(Storage storage, String folder, List<String> names) throws IOException {
    SplitChunks found = new SplitChunks();
    for (String name : names) {
      Optional<LandingNames.Parsed> parsed = LandingNames.parse(name);
      if (parsed.isEmpty()) {
        continue;
      }
      String id = parsed.get().generation().chunkId();
      if (parsed.get().kind().equals(LandingNames.SIDECAR)) {
        found.landed.add(id);
      } else if (parsed.get().kind().equals(LandingNames.SPLIT_SIDECAR)) {
        found.parts.put(id, parts(storage, folder, name));
      }
    }
    found.parts.keySet().forEach(found::isLanded);
    return found.landed;
  }

  private static List<String> parts(Storage storage, String folder, String name)
      throws IOException {
    String uri = storage.uri(folder + "/" + name);
    List<String> known = PARTS.get(uri);
    if (known == null) {
      try {
        known =
            Sidecar.read(storage, folder, name).getParts().stream().map(Chunk::getChunkId).toList();
      } catch (IOException e) {
        LOG.debug("{} does not say into what it was split", uri, e);
        known = List.of();
      }
      PARTS.put(uri, known);
    }
    return known;
  }

  /** Parts may be split themselves, into smaller ones, so this ends. */
  private boolean isLanded(String id) {
    if (landed.contains(id)) {
      return true;
    }
    List<String> into = parts.getOrDefault(id, List.of());
    boolean all = !into.isEmpty() && into.stream().allMatch(this::isLanded);
    if (all) {
      landed.add(id);
    }
    return all;
  }
}
