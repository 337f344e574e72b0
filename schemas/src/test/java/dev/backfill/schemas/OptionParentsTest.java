package dev.backfill.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Options and the futures under them. */
class OptionParentsTest {
  private final OptionParents options = OptionParents.load();

  @Test
  void anOptionProductHasAFuture() {
    assertThat(options.future("OZL.OPT"), equalTo(Optional.of("ZL")));
    assertThat(options.future("LO"), equalTo(Optional.of("CL")));
    assertThat(options.future("ES.OPT"), equalTo(Optional.of("ES")));
    assertThat(options.future("ZL.OPT"), equalTo(Optional.empty()));
  }

  @Test
  void aFutureHasItsOptionsInOrder() {
    assertThat(
        options.of("NG").stream().map(OptionParents.Entry::parent).toList(),
        contains("LNE.OPT", "ON.OPT"));
    assertThat(options.of("XX"), empty());
  }

  @Test
  void everyOptionProductIsListedOnce() {
    List<String> roots = options.entries().stream().map(OptionParents.Entry::optionRoot).toList();
    assertThat(roots.stream().distinct().toList(), equalTo(roots));
  }
}
