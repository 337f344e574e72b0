package dev.backfill.schemas;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which option products are options on which future, {@code /catalogs/option-parents.csv}: an
 * option has a root of its own, {@code OZL} on {@code ZL}, and is asked for under the parent {@code
 * OZL.OPT}. Immutable.
 */
public final class OptionParents {
  private static final String FILE = "/catalogs/option-parents.csv";
  private static final String ENDING = ".OPT";

  /**
   * One option product.
   *
   * @param future the root of the future, for example ZL
   * @param optionRoot the root of its options, for example OZL
   * @param note what there is to know of it, often nothing
   */
  public record Entry(String future, String optionRoot, String note) {
    /** The symbol to ask for, for example OZL.OPT. */
    public String parent() {
      return optionRoot + ENDING;
    }
  }

  private final List<Entry> entries;

  private OptionParents(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Reads the catalogue that comes with the project. */
  public static OptionParents load() {
    try (InputStream in = Objects.requireNonNull(OptionParents.class.getResourceAsStream(FILE));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines.readLine();
      List<Entry> entries = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> cells = Catalog.cells(line);
        entries.add(new Entry(cells.get(0), cells.get(1), cells.get(2)));
      }
      return new OptionParents(entries);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + FILE, e);
    }
  }

  /** Whether a symbol is a parent of options. */
  public static boolean isOptionParent(String symbol) {
    return symbol.endsWith(ENDING);
  }

  /** Every option product; those of one future one after the other, the one to try first first. */
  public List<Entry> entries() {
    return entries;
  }

  /** The option products of a future, the one to try first first; empty where none is known. */
  public List<Entry> of(String future) {
    return entries.stream().filter(entry -> entry.future().equals(future)).toList();
  }

  /**
   * The root of the future.
   *
   * @param option the option's root or its parent: OZL or OZL.OPT
   * @return empty where the catalogue does not know the product
   */
  public Optional<String> future(String option) {
    String root =
        isOptionParent(option) ? option.substring(0, option.length() - ENDING.length()) : option;
    return entries.stream()
        .filter(entry -> entry.optionRoot().equals(root))
        .map(Entry::future)
        .findFirst();
  }
}
