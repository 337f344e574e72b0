package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.duckdb.MotherDuck;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.BarSize;
import dev.backfill.transforms.GatherLanded;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackfillPipelineTest {
  private static long records(String database) {
    String table = BarSize.DAY.futuresTable();
    return BackfillPipeline.gather(new TargetSpec(database, table, List.of(), false, "run-1"))
        .records();
  }

  @Test
  void transactionsOnTheWayToMotherDuckAreLarger() {
    assertThat(records("/data/my.duckdb"), is(GatherLanded.GROUP_RECORDS));
    assertThat(
        records("md:research"),
        is(MotherDuck.MORE_ROWS_A_TRANSACTION * GatherLanded.GROUP_RECORDS));
  }
}
