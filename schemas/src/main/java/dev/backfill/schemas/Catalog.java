package dev.backfill.schemas;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The product roots of {@code /catalogs/symbols.csv} and the groups that jobs name. Immutable.
 *
 * <p>A group is one of the file's 0/1 columns: daily_core, daily_missing, hourly_core, ice_softs. A
 * root is asked for as a continuous contract, unless {@code /catalogs/forms.csv} says that another
 * form resolves. {@code /catalogs/datasets.csv} has the datasets and when each begins.
 */
public final class Catalog {
  /** One root as the catalogue has it. */
  public record Product(
      String root, String name, String assetClass, String dataset, String status, String note) {}

  private final List<String> groups;
  private final List<Product> products;
  private final List<List<Boolean>> members;
  private final Map<String, String> forms;
  private final Map<String, LocalDate> begins;

  private Catalog(
      List<String> groups,
      List<Product> products,
      List<List<Boolean>> members,
      Map<String, String> forms,
      Map<String, LocalDate> begins) {
    this.groups = List.copyOf(groups);
    this.products = List.copyOf(products);
    this.members = List.copyOf(members);
    this.forms = Map.copyOf(forms);
    this.begins = Map.copyOf(begins);
  }

  /** The catalogue that comes with the project; read once. */
  public static Catalog load() {
    return Loaded.CATALOG;
  }

  /** Read when it is first asked for. */
  private static final class Loaded {
    static final Catalog CATALOG = read();
  }

  private static Catalog read() {
    List<List<String>> lines = lines("/catalogs/symbols.csv");
    List<Product> products = new ArrayList<>();
    List<List<Boolean>> members = new ArrayList<>();
    for (List<String> c : lines.subList(1, lines.size())) {
      products.add(new Product(c.get(0), c.get(1), c.get(2), c.get(3), c.get(4), c.get(5)));
      members.add(c.subList(6, c.size()).stream().map("1"::equals).toList());
    }
    List<List<String>> others = lines("/catalogs/forms.csv");
    Map<String, String> forms = new HashMap<>();
    others.subList(1, others.size()).forEach(c -> forms.put(c.get(0), c.get(1)));
    List<List<String>> datasets = lines("/catalogs/datasets.csv");
    Map<String, LocalDate> begins = new HashMap<>();
    datasets
        .subList(1, datasets.size())
        .forEach(c -> begins.put(c.get(0), LocalDate.parse(c.get(1))));
    return new Catalog(
        lines.get(0).subList(6, lines.get(0).size()), products, members, forms, begins);
  }

  /** The cells of each line of a file that comes with the project, the header first. */
  private static List<List<String>> lines(String file) {
    try (InputStream in = Objects.requireNonNull(Catalog.class.getResourceAsStream(file));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().map(Catalog::cells).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** The names that {@link #roots} takes. */
  public List<String> groups() {
    return groups;
  }

  /** Every product, in the file's order. */
  public List<Product> products() {
    return products;
  }

  /** The product of a root, if the catalogue has it. */
  public Optional<Product> find(String root) {
    return products.stream().filter(one -> one.root().equals(root)).findFirst();
  }

  /** The first UTC day of a dataset, if the catalogue has it: the service has nothing before. */
  public Optional<LocalDate> begins(String dataset) {
    return Optional.ofNullable(begins.get(dataset));
  }

  /**
   * The form in which a root resolves on its dataset: continuous, unless the catalogue knows
   * better; else parent, and its rows carry the contract.
   */
  public String stypeIn(String root) {
    return forms.getOrDefault(root, "continuous");
  }

  /**
   * The roots of a group, in the file's order.
   *
   * @throws IllegalArgumentException if there is no such group
   */
  public List<String> roots(String group) {
    int column = groups.indexOf(group);
    if (column < 0) {
      throw new IllegalArgumentException(
          "Unknown catalog " + group + "; there is " + String.join(", ", groups));
    }
    List<String> roots = new ArrayList<>();
    for (int i = 0; i < products.size(); i++) {
      if (members.get(i).get(column)) {
        roots.add(products.get(i).root());
      }
    }
    return roots;
  }

  /** The cells of one CSV line; a quoted cell may hold commas and doubled quotes. */
  static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
