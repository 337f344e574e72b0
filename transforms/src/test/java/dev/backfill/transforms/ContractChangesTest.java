package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.duckdb.RollRow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContractChangesTest {
  private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);

  /** Ten days of each contract, one after the other. */
  private static List<RollRow> rows(String... contracts) {
    List<RollRow> rows = new ArrayList<>();
    for (int i = 0; i < contracts.length; i++) {
      LocalDate start = FIRST.plusDays(10L * i);
      rows.add(
          new RollRow("BZ.v.0", start, start.plusDays(10), contracts[i].hashCode(), contracts[i]));
    }
    return rows;
  }

  @Test
  void goingBackToAContractThatWasLeftIsAFlip() {
    List<RollRow> rows = rows("BZF4", "BZG4", "BZF4", "BZG4", "BZH4");
    assertThat(
        ContractChanges.of(rows),
        equalTo(
            new ContractChanges(
                3, 4, List.of(FIRST.plusDays(20), FIRST.plusDays(30)), Optional.of(rows.get(4)))));
  }

  @Test
  void itFlipsBackAndForthWhereItDoesSoMoreOftenThanItHasContracts() {
    assertThat(ContractChanges.of(rows("A", "B", "A", "B")).flipsBackAndForth(), is(false));
    assertThat(ContractChanges.of(rows("A", "B", "A", "B", "A")).flipsBackAndForth(), is(true));
  }

  @Test
  void daysWithoutAContractChangeNothing() {
    RollRow one = new RollRow("ZL.v.0", FIRST, FIRST.plusDays(3), 7, "ZLF4");
    RollRow same = new RollRow("ZL.v.0", FIRST.plusDays(5), FIRST.plusDays(9), 7, "ZLF4");
    assertThat(
        ContractChanges.of(List.of(one, same)),
        equalTo(new ContractChanges(1, 0, List.of(), Optional.of(same))));
  }

  @Test
  void aNameThatComesBackAfterTenYearsIsAnotherContract() {
    RollRow old = new RollRow("CL.v.0", FIRST, FIRST.plusDays(30), 7, "CLF4");
    RollRow next = new RollRow("CL.v.0", FIRST.plusDays(30), FIRST.plusYears(10), 8, "CLG4");
    RollRow again =
        new RollRow("CL.v.0", FIRST.plusYears(10), FIRST.plusYears(10).plusDays(30), 7, "CLF4");
    assertThat(
        ContractChanges.of(List.of(old, next, again)),
        equalTo(new ContractChanges(3, 2, List.of(), Optional.of(again))));
  }

  @Test
  void nothingIsNothing() {
    assertThat(
        ContractChanges.of(List.of()),
        equalTo(new ContractChanges(0, 0, List.of(), Optional.empty())));
  }
}
