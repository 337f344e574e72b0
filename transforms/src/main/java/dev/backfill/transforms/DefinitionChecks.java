package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.schemas.FixedPrice;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes a definition wrong. Pure. A class or an action that nobody knows is no fault, and an
 * undefined value is none where the venue need not say it.
 */
final class DefinitionChecks {
  private DefinitionChecks() {}

  /**
   * Whether a definition can be right.
   *
   * @param asked the contracts that were asked for by name; empty means any
   * @return the first thing that is wrong, or null
   */
  static @Nullable String problem(DefinitionRecord definition, Set<String> asked) {
    if (definition.rawSymbol().isBlank()) {
      return "the definition has no raw symbol";
    }
    if (!asked.isEmpty() && !asked.contains(definition.rawSymbol())) {
      return "the definition is of another raw symbol than was asked for";
    }
    if (!FixedPrice.fits(definition.strikePrice())) {
      return "the strike price does not fit DECIMAL(18,9)";
    }
    if (!FixedPrice.fits(definition.minPriceIncrement())) {
      return "the price increment does not fit DECIMAL(18,9)";
    }
    if (!FixedPrice.fits(definition.unitOfMeasureQty())) {
      return "the contract's size does not fit DECIMAL(18,9)";
    }
    return timeProblem(definition);
  }

  private static @Nullable String timeProblem(DefinitionRecord definition) {
    long expiration = definition.expiration();
    long activation = definition.activation();
    if (isTooLate(expiration) || isTooLate(activation)) {
      return "the expiration or activation is after the year 2262";
    }
    boolean expires = isSaid(expiration);
    if (expires && isSaid(activation) && activation > expiration) {
      return "the activation is after the expiration";
    }
    char kind = definition.instrumentClass();
    if (kind == 'C' || kind == 'P') {
      if (definition.strikePrice() == FixedPrice.UNDEFINED) {
        return "an option without a strike price";
      }
      if (!expires) {
        return "an option without an expiration";
      }
    }
    return null;
  }

  /** Some venues write zero for a time that they do not say. */
  private static boolean isSaid(long nanos) {
    return nanos != 0 && nanos != DbnMetadata.UNDEFINED_NS;
  }

  private static boolean isTooLate(long nanos) {
    return nanos < 0 && nanos != DbnMetadata.UNDEFINED_NS;
  }
}
