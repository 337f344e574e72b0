package dev.backfill.pipelines.run;

import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The folders of a landing that hold bars: {@code source/dataset/schema}. */
final class LandedFolders {
  /** The ways in which symbols can have been asked for. */
  static final List<String> STYPES = List.of("continuous", "parent", "raw_symbol", "instrument_id");

  private LandedFolders() {}

  /** One folder. */
  record Folder(String source, String dataset, BarSize size) {}

  /** All of them in the order of their names; none where there is no landing. */
  static List<Folder> of(LandingArea landing) throws IOException {
    List<Folder> folders = new ArrayList<>();
    for (BarSize size : BarSize.values()) {
      for (LandingArea.Filled filled : landing.filledWith(size.schema())) {
        folders.add(new Folder(filled.source(), filled.dataset(), size));
      }
    }
    folders.sort(
        Comparator.comparing(Folder::source)
            .thenComparing(Folder::dataset)
            .thenComparing(folder -> folder.size().schema()));
    return folders;
  }
}
