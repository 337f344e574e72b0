package dev.backfill.pipelines;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Nearest {
  private Nearest() {}

  /**
   * The word with the fewest edits (insert, delete, replace, swap of neighbours) from the text,
   * whatever its case; of equals the first. Empty if even that one differs in more than a half.
   */
  static Optional<String> to(String text, Collection<String> words) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return words.stream()
        .min(Comparator.comparingInt(w -> distance(wanted, w.toLowerCase(Locale.ROOT))))
        .filter(
            w ->
                2 * distance(wanted, w.toLowerCase(Locale.ROOT))
                    <= Math.max(wanted.length(), w.length()));
  }

  /** The same as an ending of a sentence: {@code "; did you mean X?"} or a full stop. */
  static String hint(String text, Collection<String> words) {
    return to(text, words).map(w -> "; did you mean " + w + "?").orElse(".");
  }

  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
