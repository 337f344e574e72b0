package dev.backfill.schemas;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The series of {@code /catalogs/fred-series.csv} and their groups, in its order. Immutable. */
public final class FredCatalog {
  private static final String FILE = "/catalogs/fred-series.csv";

  /**
   * A series as the catalogue has it.
   *
   * @param frequency Daily, Weekly, Monthly or Quarterly
   */
  public record Entry(String id, String group, String title, String frequency, String units) {}

  private final Map<String, Entry> entries;

  private FredCatalog(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** Reads the catalogue that comes with the project. */
  public static FredCatalog load() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (InputStream in = Objects.requireNonNull(FredCatalog.class.getResourceAsStream(FILE));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> c = Catalog.cells(line);
        entries.put(c.get(0), new Entry(c.get(0), c.get(1), c.get(2), c.get(3), c.get(4)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + FILE, e);
    }
    return new FredCatalog(entries);
  }

  /** Every series. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** A series by its id; empty where the catalogue does not have it. */
  public Optional<Entry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** The names of the groups. */
  public List<String> groups() {
    return entries.values().stream().map(Entry::group).distinct().toList();
  }

  /** The ids of some groups; of all where none is named. */
  public List<String> ids(Collection<String> groups) {
    List<String> ids = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (groups.isEmpty() || groups.contains(entry.group())) {
        ids.add(entry.id());
      }
    }
    return ids;
  }
}
