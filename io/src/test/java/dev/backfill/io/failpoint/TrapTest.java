package dev.backfill.io.failpoint;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrapTest {
  @Test
  void withoutThePropertyThereIsNone() {
    assertThat(Trap.of(null), is(nullValue()));
    FailPoint.BEFORE_COMMIT.pass();
  }

  @Test
  void itSpringsAtTheNamedPassingAndThenHoldsAtEveryPoint() {
    Trap trap = Objects.requireNonNull(Trap.of("mid-body:2"));
    assertThat(trap.springs(FailPoint.MID_BODY), equalTo(false));
    assertThat(trap.springs(FailPoint.AFTER_COMMIT), equalTo(false));
    assertThat(trap.springs(FailPoint.MID_BODY), equalTo(true));
    assertThat(trap.springs(FailPoint.AFTER_COMMIT), equalTo(true));
    assertThat(trap.springs(FailPoint.MID_BODY), equalTo(true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "commit", "mid-body:", "mid-body:0", "mid-body:x", "mid-body:1:2"})
  void whatNamesNoFailPointIsRefused(String property) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Trap.of(property));
    String points =
        Arrays.stream(FailPoint.values()).map(FailPoint::label).collect(Collectors.joining(", "));
    assertThat(
        refused.getMessage(),
        equalTo(
            "backfill.failpoint="
                + property
                + " is no fail point: give one of "
                + points
                + ", and perhaps the number of its passing, like mid-body:3"));
  }
}
