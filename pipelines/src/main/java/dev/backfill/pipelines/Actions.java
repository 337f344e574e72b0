package dev.backfill.pipelines;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the commands do. The command line reads and checks what the user wrote, and hands it here;
 * each action reports to the console and returns an exit code of {@link ExitCodes}. Whatever it
 * throws is turned into one sentence and an exit code by {@link Failures}.
 *
 * <p>An implementation that needs Beam keeps it behind {@link #run}, {@link #importFiles} and
 * {@link #demo}: {@link #plan} and {@link #status} start without loading it.
 */
public interface Actions {
  /** Says what would be fetched; spends nothing. */
  int plan(RunOptions options, Console console) throws IOException;

  /** Plans, prices, checks the cap, lands and loads. */
  int run(RunOptions options, Console console) throws IOException;

  /** Loads DBN files that are there already. */
  int importFiles(ImportOptions options, Console console) throws IOException;

  /** Takes ranges out of the coverage. */
  int forget(ForgetOptions options, Console console) throws IOException;

  /** Brings database, ledger and landing back into agreement. */
  int repair(RepairOptions options, Console console) throws IOException;

  /** Says what the database holds. */
  int status(Path database, Console console) throws IOException;

  /** Says what was spent, by month and job. */
  int spend(Path database, Path landing, Console console) throws IOException;

  /** The tour: emulator, two jobs, status. */
  int demo(DemoOptions options, Console console) throws IOException;
}
