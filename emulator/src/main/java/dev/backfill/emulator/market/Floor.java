package dev.backfill.emulator.market;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The products of one dataset under one seed, each made when it is first asked for. Thread-safe.
 */
final class Floor {
  private final long seed;
  private final Map<String, Product> products = new LinkedHashMap<>();
  private final Map<Integer, String> rootsById = new HashMap<>();
  private final Map<String, ProductMarket> made = new ConcurrentHashMap<>();

  Floor(List<Product> products, long seed) {
    this.seed = seed;
    for (Product product : products) {
      this.products.put(product.root(), product);
      for (int id : Chain.idsOf(product)) {
        rootsById.put(id, product.root());
      }
    }
  }

  List<String> roots() {
    return List.copyOf(products.keySet());
  }

  /** The product of a root; null where it is not traded here. */
  @Nullable ProductMarket product(String root) {
    Product product = products.get(root);
    return product == null
        ? null
        : made.computeIfAbsent(root, r -> new ProductMarket(product, seed));
  }

  /** The product whose contracts may have an instrument id; null where none may. */
  @Nullable ProductMarket byId(int id) {
    String root = rootsById.get(id);
    return root == null ? null : product(root);
  }
}
