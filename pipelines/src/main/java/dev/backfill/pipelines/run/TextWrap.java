package dev.backfill.pipelines.run;

import java.util.List;

/** Breaks a sentence into lines of at most 100 columns, the later ones indented like the first. */
final class TextWrap {
  private static final int WIDTH = 100;

  private TextWrap() {}

  /**
   * Adds the lines of a text.
   *
   * @param head what the first line begins with; the others begin with as many spaces
   */
  static void add(List<String> lines, String head, String text) {
    StringBuilder line = new StringBuilder(head);
    boolean isEmpty = true;
    for (String word : text.split(" ", -1)) {
      if (!isEmpty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(head.length()));
        isEmpty = true;
      }
      line.append(isEmpty ? "" : " ").append(word);
      isEmpty = false;
    }
    lines.add(line.toString());
  }
}
