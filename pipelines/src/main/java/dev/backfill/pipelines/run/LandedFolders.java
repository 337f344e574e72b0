package dev.backfill.pipelines.run;

import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders of a landing that hold bars: {@code source/dataset/schema}. */
final class LandedFolders {
  /** The ways in which symbols can have been asked for. */
  static final List<String> STYPES = List.of("continuous", "parent", "raw_symbol", "instrument_id");

  private LandedFolders() {}

  /** One folder. */
  record Folder(String source, String dataset, BarSize size) {}

  /** All of them in the order of their names; none where there is no landing. */
  static List<Folder> of(Path landing) throws IOException {
    List<Folder> folders = new ArrayList<>();
    for (Path source : within(landing)) {
      for (Path dataset : within(source)) {
        for (Path schema : within(dataset)) {
          Optional<BarSize> size = BarSize.ofSchema(name(schema));
          size.ifPresent(s -> folders.add(new Folder(name(source), name(dataset), s)));
        }
      }
    }
    return folders;
  }

  private static String name(Path folder) {
    return String.valueOf(folder.getFileName());
  }

  private static List<Path> within(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.filter(Files::isDirectory).sorted().toList();
    }
  }
}
