package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** Which changes of the service count as unknown. */
class ChangedScopeTest {
  private static final LocalDate MONDAY = LocalDate.parse("2025-12-15");
  private static final LocalDate TUESDAY = MONDAY.plusDays(1);
  private static final LocalDate WEDNESDAY = MONDAY.plusDays(2);

  @Test
  void aChangeAfterTheNewestThatIsKnownIsUnknown() {
    assertThat(ChangedScope.isLater(WEDNESDAY, TUESDAY, TUESDAY, null), is(true));
    assertThat(ChangedScope.isLater(MONDAY, TUESDAY, TUESDAY, null), is(false));
  }

  @Test
  void aChangeThatWasKnownBeforeTheDayOfTheLoadIsKnown() {
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, TUESDAY, MONDAY), is(false));
  }

  @Test
  void aChangeOnTheDayOfTheLoadMayHaveComeAfterIt() {
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, MONDAY, MONDAY), is(true));
  }

  @Test
  void anotherDaysChangeOfThatDateIsToldByWhatWasSaidBefore() {
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, TUESDAY, MONDAY.minusDays(9)), is(true));
  }
}
