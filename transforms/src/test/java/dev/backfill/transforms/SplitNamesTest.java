package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.backfill.schemas.Times;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A file of a split job alone does not stand for the whole query. */
class SplitNamesTest {
  private static boolean cover(String... names) {
    return SplitNames.cover(
        Arrays.stream(names).map(Path::of).toList(),
        Times.nanos(LocalDate.of(2020, 1, 1)),
        Times.nanos(LocalDate.of(2020, 3, 1)));
  }

  @Test
  void onePartAloneIsNotAll() {
    assertThat(cover("glbx-mdp3-20200101-20200131.ohlcv-1d.dbn.zst"), is(false));
    assertThat(cover("glbx-mdp3-20200101.ohlcv-1d.dbn.zst"), is(false));
  }

  @Test
  void allPartsTogetherAre() {
    assertThat(
        cover(
            "glbx-mdp3-20200101-20200131.ohlcv-1d.dbn.zst",
            "glbx-mdp3-20200201-20200229.ohlcv-1d.dbn.zst"),
        is(true));
    assertThat(cover("glbx-mdp3-20200101-20200229.ohlcv-1d.dbn.zst"), is(true));
  }

  @Test
  void aNameWithoutDatesSaysNothing() {
    assertThat(cover("zl.dbn.zst"), is(true));
    assertThat(cover("zl-20209999.dbn.zst"), is(true));
  }
}
