package dev.backfill.transforms;

import static dev.backfill.transforms.TestTarget.DEFINITIONS;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.schemas.OutcomeState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions on their way into their table. */
class DefinitionRowsTest {
  private static final long E9 = 1_000_000_000L;
  private static final String CALL = "OZLH4 C0475";

  @TempDir Path folder;
  private TestTarget db;

  @BeforeEach
  void open() {
    db = new TestTarget(folder);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static Answer day() {
    return new Answer("definition", "parent", "2024-01-02", "2024-01-03", "OZL.OPT")
        .maps(CALL, 7)
        .maps("OZLH4 P0400", 8);
  }

  private static DefinitionRecord.Builder call() {
    return Answer.option(7, "2024-01-02", CALL, 47_500_000_000L, "2023-06-01", "2024-02-23");
  }

  private List<String> reasons() {
    return db.ask("SELECT reason FROM ops.rejected_records ORDER BY ALL");
  }

  @Test
  void everyVersionGivesEveryColumn() {
    DefinitionRecord whole =
        call()
            .set(DefinitionField.MIN_PRICE_INCREMENT, 10_000_000L)
            .set(DefinitionField.UNIT_OF_MEASURE, "LBS")
            .set(DefinitionField.UNIT_OF_MEASURE_QTY, 60_000 * E9)
            .set(DefinitionField.CONTRACT_MULTIPLIER, 3)
            .build();
    DefinitionRecord bare =
        Answer.option(8, "2024-01-02", "OZLH4 P0400", 40 * E9, "2023-06-01", "2024-02-23")
            .set(DefinitionField.ACTIVATION, -1)
            .set(DefinitionField.INSTRUMENT_CLASS, 'q')
            .set(DefinitionField.STRIKE_PRICE, Long.MAX_VALUE)
            .set(DefinitionField.EXPIRATION, 0)
            .set(DefinitionField.UNDERLYING, "")
            .set(DefinitionField.SECURITY_UPDATE_ACTION, '~')
            .build();
    for (int version = 1; version <= 3; version++) {
      db.load(DEFINITIONS, day().version(version).record(whole).record(bare));
      assertThat(
          db.ask("SELECT * EXCLUDE (ingested_at) FROM " + DEFINITIONS + " ORDER BY ALL"),
          contains(
              "GLBX.MDP3|7|OZLH4 C0475|2024-01-02 00:00:00.0|C|OZL|XCBT|USD|ZLH4|47.5|2024-02-23"
                  + " 18:00:00.0|2023-06-01 00:00:00.0|0.01|LBS|60000|3|A|OZL.OPT",
              "GLBX.MDP3|8|OZLH4 P0400|2024-01-02 00:00:00.0|q|OZL|XCBT|USD|-|-|-|-|-|-|-|-|~|"
                  + "OZL.OPT"));
    }
  }

  @Test
  void whatCannotBeRightIsKeptAsAReject() {
    NormalizedRows rows =
        day()
            .record(call().build())
            .record(call().build())
            .record(call().set(DefinitionField.RAW_SYMBOL, "").build())
            .record(call().set(DefinitionField.STRIKE_PRICE, Long.MAX_VALUE).build())
            .record(call().set(DefinitionField.STRIKE_PRICE, Long.MAX_VALUE - 1).build())
            .record(call().set(DefinitionField.EXPIRATION, -1).build())
            .record(call().set(DefinitionField.EXPIRATION, 5).build())
            .record(call().set(DefinitionField.UNIT_OF_MEASURE_QTY, Long.MIN_VALUE).build())
            .record(
                call().set(DefinitionField.LEG_COUNT, 2).set(DefinitionField.LEG_INDEX, 1).build())
            .record(Answer.option(9, "2024-01-02", CALL, E9, "2023-06-01", "2024-02-23").build())
            .record(call().set(DefinitionField.TS_RECV, Answer.ns("2024-01-03T00:00:00Z")).build())
            .rows();
    db.load(DEFINITIONS, rows);
    assertThat(db.ask("SELECT count(*) FROM " + DEFINITIONS), contains("1"));
    assertThat("a second leg", rows.leftOut(), equalTo(1L));
    assertThat(
        reasons(),
        contains(
            "an option without a strike price",
            "an option without an expiration",
            "no symbol is mapped to the instrument on that day",
            "the activation is after the expiration",
            "the contract's size does not fit DECIMAL(18,9)",
            "the definition has no raw symbol",
            "the same definition comes twice",
            "the strike price does not fit DECIMAL(18,9)",
            "the time is outside of what was asked"));
  }

  @Test
  void onlyWantedPiecesAreLoadedAndAnotherContractIsAReject() {
    Answer answer =
        new Answer("definition", "raw_symbol", "2024-01-02", "2024-01-05", CALL)
            .maps(CALL, 7)
            .record(call().build())
            .record(call().set(DefinitionField.RAW_SYMBOL, "OZLH4 C0480").build())
            .record(call().set(DefinitionField.TS_RECV, Answer.ns("2024-01-03")).build())
            .record(call().set(DefinitionField.TS_RECV, Answer.ns("2024-01-04")).build());
    db.load(
        DEFINITIONS,
        answer.rows(new WantedPiece(CALL, Answer.ns("2024-01-03"), Answer.ns("2024-01-04"), true)));
    assertThat(
        db.ask("SELECT raw_symbol, ts_recv, parent_symbol FROM " + DEFINITIONS),
        contains("OZLH4 C0475|2024-01-03 00:00:00.0|-"));
    assertThat(reasons(), contains("the definition is of another raw symbol than was asked for"));
  }

  @Test
  void definitionsThatWereAskedForByAnotherNameAreRefused() {
    assertThat(
        db.load(
                DEFINITIONS,
                new Answer("definition", "continuous", "2024-01-02", "2024-01-03", "ZL.v.0")
                    .maps("ZL.v.0", 7))
            .get(0)
            .getState(),
        equalTo(OutcomeState.FAILED));
    assertThat(
        db.ask("SELECT last_error FROM ops.backfill_chunks"),
        contains(
            "Definitions that were asked for by continuous cannot be loaded: their rows carry the"
                + " contract's own name; allowed: parent, raw_symbol"));
  }

  @Test
  void timeThatGoesBackwardsRefusesTheFile() {
    assertThat(
        db.load(
                DEFINITIONS,
                day()
                    .record(
                        call().set(DefinitionField.TS_RECV, Answer.ns("2024-01-02") + 1).build())
                    .record(call().build()))
            .get(0)
            .getState(),
        equalTo(OutcomeState.FAILED));
    assertThat(db.ask("SELECT count(*) FROM " + DEFINITIONS), contains("0"));
  }
}
