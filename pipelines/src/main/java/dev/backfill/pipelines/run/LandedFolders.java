package dev.backfill.pipelines.run;

import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The folders of a landing that hold answers: {@code source/dataset/schema}. */
final class LandedFolders {
  /** The ways in which symbols can have been asked for. */
  static final List<String> STYPES =
      List.of("continuous", "parent", "raw_symbol", "instrument_id", Fred.STYPE);

  private LandedFolders() {}

  /**
   * One folder.
   *
   * @param table where its rows usually go
   */
  record Folder(String source, String dataset, String schema, String table) {}

  /** The schemas that are landed, with the tables where their rows usually go. */
  private static Map<String, String> tables() {
    Map<String, String> tables = new LinkedHashMap<>();
    for (BarSize size : BarSize.values()) {
      tables.put(size.schema(), size.futuresTable());
    }
    tables.put(Fred.OBSERVATIONS, Fred.TABLE);
    tables.put(Fred.VINTAGES, Fred.VINTAGES_TABLE);
    return tables;
  }

  /** All of them in the order of their names; none where there is no landing. */
  static List<Folder> of(LandingArea landing) throws IOException {
    List<Folder> folders = new ArrayList<>();
    for (Map.Entry<String, String> kind : tables().entrySet()) {
      for (LandingArea.Filled filled : landing.filledWith(kind.getKey())) {
        folders.add(new Folder(filled.source(), filled.dataset(), kind.getKey(), kind.getValue()));
      }
    }
    folders.sort(
        Comparator.comparing(Folder::source)
            .thenComparing(Folder::dataset)
            .thenComparing(Folder::schema));
    return folders;
  }
}
