package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What costs something never reads as nothing. */
class DollarsTest {
  @ParameterizedTest
  @CsvSource({
    "0, $0.00",
    "12.345, $12.35",
    "0.01, $0.01",
    "0.0099, $0.0099",
    "0.00996, $0.010",
    "0.00486, $0.0049",
    "0.00001, $0.000010",
    "0.0000000321, $0.000000032"
  })
  void anAmount(double usd, String text) {
    assertThat(Dollars.text(usd), equalTo(text));
  }
}
