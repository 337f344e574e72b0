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
  void aChangeAfterTheDayOfTheQuestionIsUnknown() {
    assertThat(ChangedScope.isLater(WEDNESDAY, TUESDAY, MONDAY, MONDAY, WEDNESDAY), is(true));
    assertThat(
        "whatever was heard since",
        ChangedScope.isLater(WEDNESDAY, TUESDAY, WEDNESDAY, WEDNESDAY, WEDNESDAY),
        is(true));
  }

  @Test
  void aChangeBeforeTheDayOfTheQuestionIsSettled() {
    assertThat(ChangedScope.isLater(MONDAY, TUESDAY, null, null, WEDNESDAY), is(false));
    assertThat(ChangedScope.isLater(MONDAY, TUESDAY, MONDAY, MONDAY, TUESDAY), is(false));
  }

  @Test
  void aChangeThatTheServiceToldOfLateIsUnknown() {
    assertThat(ChangedScope.isLater(TUESDAY, WEDNESDAY, MONDAY, null, WEDNESDAY), is(true));
    assertThat(ChangedScope.isLater(TUESDAY, WEDNESDAY, TUESDAY, MONDAY, WEDNESDAY), is(true));
    assertThat(ChangedScope.isLater(TUESDAY, WEDNESDAY, TUESDAY, TUESDAY, WEDNESDAY), is(false));
  }

  @Test
  void onTheDayOfTheQuestionItIsFetchedOnlyIfItWasNotKnown() {
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, null, null, MONDAY), is(true));
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, MONDAY.minusDays(9), null, MONDAY), is(true));
    assertThat(
        "another day's change of that date",
        ChangedScope.isLater(MONDAY, MONDAY, MONDAY, MONDAY.minusDays(9), MONDAY),
        is(true));
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, MONDAY, MONDAY, MONDAY), is(false));
  }

  @Test
  void fromTheNextDayOnItIsFetchedOnceMore() {
    assertThat(ChangedScope.isLater(MONDAY, MONDAY, MONDAY, MONDAY, TUESDAY), is(true));
    assertThat(ChangedScope.isLater(MONDAY, TUESDAY, MONDAY, MONDAY, TUESDAY), is(false));
  }
}
