package dev.backfill.pipelines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the commands do. The command line reads and checks what the user wrote, and hands it here;
 * each action reports to the console and returns an exit code of {@link ExitCodes}. Whatever it
 * throws is turned into one sentence and an exit code by {@link Failures}. A job is given as its
 * parts, in their order; one without parts is one part.
 *
 * <p>An implementation that needs Beam keeps it behind {@link #run}, {@link #importFiles} and
 * {@link #demo}: {@link #plan} and {@link #status} start without loading it.
 */
public interface Actions {
  /** Says what would be fetched; spends nothing. */
  int plan(List<RunOptions> parts, Console console) throws IOException;

  /** Plans, prices, checks the cap, lands and loads. */
  int run(List<RunOptions> parts, Console console) throws IOException;

  /** Fetches again what failed, or what is loaded and is to be replaced. */
  int rerun(RerunOptions options, Console console) throws IOException;

  /** Brings each job up to the newest complete interval, one after the other. */
  int update(List<RunOptions> jobs, Console console) throws IOException;

  /** Fetches into the landing and loads nothing. */
  int land(List<RunOptions> parts, Console console) throws IOException;

  /**
   * Loads what is in the landing; asks nothing of the service.
   *
   * @param asOf the run whose state of the landing is loaded; empty means the newest
   */
  int load(List<RunOptions> parts, Optional<String> asOf, Console console) throws IOException;

  /** Loads DBN files that are there already. */
  int importFiles(ImportOptions options, Console console) throws IOException;

  /** Takes ranges out of the coverage. */
  int forget(ForgetOptions options, Console console) throws IOException;

  /** Brings database, ledger and landing back into agreement. */
  int repair(RepairOptions options, Console console) throws IOException;

  /** Says what is wrong with the data. */
  int validate(ValidateOptions options, Console console) throws IOException;

  /** Says what the database holds, and what runs into it or lands. */
  int status(Path database, LandingPlace landing, Console console) throws IOException;

  /** The same as a page of Markdown. */
  int statusPage(Path database, LandingPlace landing, Console console) throws IOException;

  /**
   * Says what was spent, by month and job; the database may be missing where there is a landing.
   */
  int spend(Path database, LandingPlace landing, Console console) throws IOException;

  /** Says what a job's symbols resolve to, and why some do not; spends nothing. */
  int symbols(SymbolsOptions options, Console console) throws IOException;

  /** The tour: emulator, two jobs, status. */
  int demo(DemoOptions options, Console console) throws IOException;
}
