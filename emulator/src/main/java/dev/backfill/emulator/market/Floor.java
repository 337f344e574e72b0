package dev.backfill.emulator.market;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The products of one dataset under one seed with their spreads and options, each made when it is
 * first asked for. Thread-safe.
 */
final class Floor {
  private final long seed;
  private final boolean continuous;
  private final Derived derived;
  private final Map<String, Product> products = new LinkedHashMap<>();
  private final Map<String, OptionSpec> specs = new LinkedHashMap<>();
  private final Map<Integer, String> rootsById = new HashMap<>();
  private final Map<String, ProductMarket> made = new ConcurrentHashMap<>();
  private final Map<String, SpreadMarket> spreads = new ConcurrentHashMap<>();
  private final Map<String, OptionMarket> options = new ConcurrentHashMap<>();

  /**
   * A floor.
   *
   * @param continuous whether {@code ROOT.rule.rank} resolves here at all
   * @param derived where prices and options are kept for a while
   */
  Floor(
      List<Product> products,
      List<OptionSpec> specs,
      long seed,
      boolean continuous,
      Derived derived) {
    this.seed = seed;
    this.derived = derived;
    this.continuous = continuous;
    for (Product product : products) {
      this.products.put(product.root(), product);
      for (int id : Chain.idsOf(product)) {
        rootsById.put(id, product.root());
      }
    }
    for (OptionSpec spec : specs) {
      if (this.products.containsKey(spec.future())) {
        this.specs.put(spec.root(), spec);
      }
    }
  }

  List<String> roots() {
    return List.copyOf(products.keySet());
  }

  List<String> optionRoots() {
    return List.copyOf(specs.keySet());
  }

  /** Whether a product has continuous symbols. */
  boolean hasContinuous(ProductMarket product) {
    return continuous && product.product().continuous();
  }

  /** The product of a root; null where it is not traded here. */
  @Nullable ProductMarket product(String root) {
    Product product = products.get(root);
    return product == null
        ? null
        : made.computeIfAbsent(root, r -> new ProductMarket(product, seed, derived));
  }

  /** The spreads under a product's root; null where it is not traded here. */
  @Nullable SpreadMarket spreads(String root) {
    ProductMarket futures = product(root);
    return futures == null
        ? null
        : spreads.computeIfAbsent(root, r -> new SpreadMarket(futures, seed));
  }

  /** The options of an option root; null where there are none. */
  @Nullable OptionMarket options(String root) {
    OptionSpec spec = specs.get(root);
    ProductMarket futures = spec == null ? null : product(spec.future());
    return spec == null || futures == null
        ? null
        : options.computeIfAbsent(root, r -> new OptionMarket(spec, futures, seed, derived));
  }

  /** The product whose contracts may have an instrument id; null where none may. */
  @Nullable ProductMarket byId(int id) {
    String root = rootsById.get(id);
    return root == null ? null : product(root);
  }

  /** The spreads that may have an instrument id; null where none may. */
  @Nullable SpreadMarket spreadsById(int id) {
    int ordinal = SpreadMarket.ordinalOf(id);
    for (Product product : products.values()) {
      if (product.ordinal() == ordinal) {
        return spreads(product.root());
      }
    }
    return null;
  }

  /** The options that may have an instrument id; null where none may. */
  @Nullable OptionMarket optionsById(int id) {
    int ordinal = OptionChain.ordinalOf(id);
    for (OptionSpec spec : specs.values()) {
      if (spec.ordinal() == ordinal) {
        return options(spec.root());
      }
    }
    return null;
  }
}
