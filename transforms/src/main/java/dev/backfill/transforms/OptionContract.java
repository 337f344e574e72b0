package dev.backfill.transforms;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an option contract, {@code OZLH4 C0475}: the option's root, month, one or two digits
 * of the year, call or put, and the strike without its point. How many decimals the strike has
 * differs from product to product, so it is taken from the definition, never from here.
 */
final class OptionContract {
  private static final String AFTER_ROOT = "[FGHJKMNQUVXZ]\\d{1,2} [CP]-?\\d+(\\.\\d+)?";
  private static final Pattern ENDING = Pattern.compile(AFTER_ROOT);
  private static final Pattern NAME = Pattern.compile("([A-Z0-9]+?)" + AFTER_ROOT);

  private OptionContract() {}

  /**
   * The option's root.
   *
   * @param contract the contract's raw symbol
   * @return empty where it is not an option, or a spread or other combination of options
   */
  static Optional<String> root(String contract) {
    Matcher name = NAME.matcher(contract);
    return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
  }

  /** Whether it is an option of exactly this root. */
  static boolean isOf(String root, String contract) {
    return contract.startsWith(root) && ENDING.matcher(contract.substring(root.length())).matches();
  }
}
