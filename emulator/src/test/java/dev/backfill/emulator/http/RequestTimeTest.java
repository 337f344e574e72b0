package dev.backfill.emulator.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import org.junit.jupiter.api.Test;

class RequestTimeTest {
  private static void reads(String text, String iso, long resolution) {
    RequestTime time = RequestTime.parse(text);
    assertThat(time == null ? "null" : RequestTime.iso(time.ns()), is(iso));
    assertThat(time == null ? 0 : time.resolutionNs(), is(resolution));
  }

  @Test
  void datesTimesAndNanosecondsAreRead() {
    reads("2024-03-04", "2024-03-04T00:00:00.000000000Z", RequestTime.DAY);
    reads("20240304", "2024-03-04T00:00:00.000000000Z", RequestTime.DAY);
    reads("2024-03-04T05", "2024-03-04T05:00:00.000000000Z", 3600 * RequestTime.SECOND);
    reads("2024-03-04T05:06", "2024-03-04T05:06:00.000000000Z", 60 * RequestTime.SECOND);
    reads("2024-03-04 05:06:07Z", "2024-03-04T05:06:07.000000000Z", RequestTime.SECOND);
    reads("2024-03-04T05:06:07.125", "2024-03-04T05:06:07.125000000Z", 1_000_000);
    reads("2024-03-04T05:06:07+02:00", "2024-03-04T03:06:07.000000000Z", RequestTime.SECOND);
    reads("1709510400000000001", "2024-03-04T00:00:00.000000001Z", 1);
  }

  @Test
  void anythingElseIsNotATime() {
    for (String text :
        new String[] {"", "now", "2024-13-01", "2024-02-30", "99999999999999999999"}) {
      assertThat(text, RequestTime.parse(text), is(nullValue()));
    }
  }
}
