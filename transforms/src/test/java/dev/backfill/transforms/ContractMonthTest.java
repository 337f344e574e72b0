package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One-digit years need a date. */
class ContractMonthTest {
  @ParameterizedTest
  @CsvSource({
    "ESH6, 2016-03-10, 2016-03",
    "ESH6, 2025-12-15, 2026-03",
    "ZLF6, 2025-12-15, 2026-01",
    "6JZ5, 2025-12-15, 2025-12",
    "CLZ9, 2010-07-06, 2019-12",
    "CLK0, 2020-04-20, 2020-05",
    "10YF2, 2021-12-01, 2022-01",
    "CLZ25, 2020-04-20, 2025-12",
    "ESH1, 2021-09-30, 2021-03",
    "ESH1, 2021-10-01, 2031-03",
    "BRN FMJ0024!, 2024-01-18, 2024-04",
    "KC  FMZ0026!, 2026-01-18, 2026-12",
    "VX/M6, 2026-01-18, 2026-06"
  })
  void theCodeAndTheDateNameTheMonth(String code, LocalDate date, String month) {
    assertThat(ContractMonth.of(code, date), equalTo(Optional.of(YearMonth.parse(month))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MSFT", "ESH4-ESM4", "", "ZL.v.0", "OZSN1 C1320"})
  void otherNamesNameNoMonth(String code) {
    assertThat(ContractMonth.of(code, LocalDate.of(2024, 1, 1)), equalTo(Optional.empty()));
  }

  @Test
  void theSameCodeNamesTheNextDecadeSevenMonthsAfterDelivery() {
    LocalDate day = ContractMonth.validBefore(YearMonth.of(2016, 3));
    assertThat(day, equalTo(LocalDate.of(2016, 10, 1)));
    assertThat(
        ContractMonth.of("ESH6", day.minusDays(1)), equalTo(Optional.of(YearMonth.of(2016, 3))));
    assertThat(ContractMonth.of("ESH6", day), equalTo(Optional.of(YearMonth.of(2026, 3))));
  }
}
