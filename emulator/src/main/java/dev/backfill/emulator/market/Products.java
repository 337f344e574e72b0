package dev.backfill.emulator.market;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Reads the table of products. */
final class Products {
  private static final String RESOURCE = "/market/products.csv";

  /** Nothing is emulated from this day on. */
  static final LocalDate HORIZON = LocalDate.of(2041, 1, 1);

  private Products() {}

  static List<Product> load() {
    List<Product> products = new ArrayList<>();
    for (String line : lines(RESOURCE)) {
      products.add(parse(line, products.size()));
    }
    return List.copyOf(products);
  }

  /** The lines of a table, without its comments and its head. */
  static List<String> lines(String resource) {
    List<String> lines = new ArrayList<>();
    try (InputStream in = Products.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is missing");
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#") && !line.startsWith("root,") && !line.isBlank()) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
    return lines;
  }

  private static Product parse(String line, int ordinal) {
    String[] f = line.split(",", -1);
    if (f.length < 18 || f.length > 19) {
      throw new IllegalStateException(RESOURCE + ": 18 or 19 fields expected: " + line);
    }
    LocalDate first = LocalDate.parse(f[12]);
    LocalDate last = date(f[13], HORIZON);
    return new Product(
        f[0],
        ordinal,
        f[1],
        Session.valueOf(f[2]),
        fixed(f[3]),
        f[4],
        f[5].isEmpty() ? f[4] : f[5],
        ExpiryRule.parse(f[6]),
        Integer.parseInt(f[7]),
        Integer.parseInt(f[8]),
        Double.parseDouble(f[9]),
        Double.parseDouble(f[10]),
        Double.parseDouble(f[11]),
        first,
        last,
        date(f[14], first),
        date(f[15], last),
        Anchors.parse(f[16]),
        Anchors.parse(f[17]),
        f.length < 19 || !f[18].equals("parent"));
  }

  /** A decimal in units of 1e-9. */
  static long fixed(String decimal) {
    return new BigDecimal(decimal).movePointRight(9).longValueExact();
  }

  private static LocalDate date(String text, LocalDate otherwise) {
    LocalDate date = text.isEmpty() ? otherwise : LocalDate.parse(text);
    return date.isAfter(HORIZON) ? HORIZON : date;
  }
}
