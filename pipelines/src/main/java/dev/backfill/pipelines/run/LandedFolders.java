package dev.backfill.pipelines.run;

import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.BarTables;
import dev.backfill.schemas.Fred;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The folders of a landing that hold rows of tables: {@code source/dataset/schema}. */
final class LandedFolders {
  /** The ways in which symbols can have been asked for. */
  static final List<String> STYPES =
      List.of("continuous", "parent", "raw_symbol", "instrument_id", Fred.STYPE);

  private LandedFolders() {}

  /** One folder. */
  record Folder(String source, String dataset, String schema) {}

  /** All of them in the order of their names; none where there is no landing. */
  static List<Folder> of(LandingArea landing) throws IOException {
    List<Folder> folders = new ArrayList<>();
    List<String> schemas = new ArrayList<>(BarTables.schemas());
    schemas.addAll(List.of(Fred.OBSERVATIONS, Fred.VINTAGES));
    for (String schema : schemas) {
      for (LandingArea.Filled filled : landing.filledWith(schema)) {
        folders.add(new Folder(filled.source(), filled.dataset(), schema));
      }
    }
    folders.sort(
        Comparator.comparing(Folder::source)
            .thenComparing(Folder::dataset)
            .thenComparing(Folder::schema));
    return folders;
  }
}
