package dev.backfill.io.dbn;

import java.util.Arrays;

/** The undefined value of each field of a definition. */
final class DefinitionDefaults {
  private static final long[] NUMBERS = undefinedNumbers();

  private DefinitionDefaults() {}

  static long[] numbers() {
    return NUMBERS.clone();
  }

  static String[] texts() {
    String[] texts = new String[DefinitionField.all().size()];
    Arrays.fill(texts, "");
    return texts;
  }

  private static long[] undefinedNumbers() {
    long[] numbers = new long[DefinitionField.all().size()];
    for (DefinitionField field : DefinitionField.all()) {
      numbers[field.slot()] = undefined(field);
    }
    return numbers;
  }

  private static long undefined(DefinitionField field) {
    return switch (field) {
      case UNDERLYING_ID,
          LEG_COUNT,
          LEG_INDEX,
          LEG_INSTRUMENT_ID,
          LEG_UNDERLYING_ID,
          LEG_RATIO_PRICE_NUMERATOR,
          LEG_RATIO_PRICE_DENOMINATOR,
          LEG_RATIO_QTY_NUMERATOR,
          LEG_RATIO_QTY_DENOMINATOR ->
          0;
      case LEG_SIDE, USER_DEFINED_INSTRUMENT -> 'N';
      case SECURITY_UPDATE_ACTION -> 'A';
      default -> largest(field);
    };
  }

  private static long largest(DefinitionField field) {
    int bits = 8 * field.size(DbnMetadata.NEWEST_VERSION);
    return switch (field.kind()) {
      case SIGNED -> -1L >>> (64 - bits + 1);
      case UNSIGNED -> -1L >>> (64 - bits);
      case CHARACTER, TEXT -> 0;
    };
  }
}
