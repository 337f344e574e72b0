package dev.backfill.transforms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The {@code manifest.json} that a batch download lies beside its files: it lists them all. Source:
 * the service's batch downloads.
 */
final class BatchManifest {
  private BatchManifest() {}

  /**
   * Whether every data file of the files' batch job is given; true where there is no manifest that
   * says otherwise.
   *
   * @param files one answer's
   * @param all all that were given together
   * @throws IOException if a manifest is there and cannot be read
   */
  static boolean isComplete(List<Path> files, List<Path> all) throws IOException {
    Set<String> given =
        all.stream().map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    for (Path file : files) {
      Path manifest = file.toAbsolutePath().resolveSibling("manifest.json");
      if (Files.isRegularFile(manifest)) {
        Set<String> listed = dataFiles(manifest);
        if (listed.contains(file.getFileName().toString()) && !given.containsAll(listed)) {
          return false;
        }
      }
    }
    return true;
  }

  private static Set<String> dataFiles(Path manifest) throws IOException {
    JsonNode files = new ObjectMapper().readTree(Files.readString(manifest)).path("files");
    Set<String> names = new TreeSet<>();
    for (JsonNode file : files) {
      String name = file.path("filename").asText();
      if (name.endsWith(".dbn") || name.endsWith(".dbn.zst")) {
        names.add(name);
      }
    }
    return names;
  }
}
