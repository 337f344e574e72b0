package dev.backfill.schemas;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the catalogue's asset classes are called, which of them trade by the same calendar, and
 * which products' prices may lie at or below zero: {@code /catalogs/asset-classes.csv} and {@code
 * /catalogs/below-zero.csv}. Immutable.
 */
public final class MarketGroups {
  /**
   * An asset class.
   *
   * @param title for people
   * @param calendar the same for classes that trade on the same days
   */
  public record AssetClass(String title, String calendar) {}

  private final Map<String, AssetClass> classes;
  private final Map<String, String> belowZero;

  private MarketGroups(Map<String, AssetClass> classes, Map<String, String> belowZero) {
    this.classes = classes;
    this.belowZero = belowZero;
  }

  /** Reads what comes with the project. */
  public static MarketGroups load() {
    Map<String, AssetClass> classes = new LinkedHashMap<>();
    read("/catalogs/asset-classes.csv")
        .forEach(line -> classes.put(line.get(0), new AssetClass(line.get(1), line.get(2))));
    Map<String, String> belowZero = new LinkedHashMap<>();
    read("/catalogs/below-zero.csv").forEach(line -> belowZero.put(line.get(0), line.get(1)));
    return new MarketGroups(classes, belowZero);
  }

  private static List<List<String>> read(String resource) {
    try (InputStream in = Objects.requireNonNull(MarketGroups.class.getResourceAsStream(resource));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().skip(1).map(Catalog::cells).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }

  /** The asset classes in the order in which people read them. */
  public List<String> assetClasses() {
    return List.copyOf(classes.keySet());
  }

  /** An asset class's title; one that is not listed is called by its own name. */
  public String title(String assetClass) {
    AssetClass known = classes.get(assetClass);
    return known == null ? assetClass : known.title();
  }

  /** By which calendar a class trades; one that is not listed by its own. */
  public String calendar(String assetClass) {
    AssetClass known = classes.get(assetClass);
    return known == null ? assetClass : known.calendar();
  }

  /** Why a product's price may lie at or below zero; empty where it may not. */
  public Optional<String> belowZero(String root) {
    return Optional.ofNullable(belowZero.get(root));
  }
}
