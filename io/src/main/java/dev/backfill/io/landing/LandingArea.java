package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.io.landing.LandingNames.Generation;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import org.apache.beam.sdk.io.FileSystemSchemes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of raw answers exactly as the service sent them: paid for once, kept. Every generation
 * of an answer stays; the newest wins.
 *
 * <pre>
 * &lt;root&gt;/origin-&lt;source&gt;.json                                              who filled it
 * &lt;root&gt;/size-&lt;source&gt;-&lt;dataset&gt;-&lt;schema&gt;-&lt;stype&gt;.json                   how much is answered at once
 * &lt;root&gt;/journal/…                                                         what was asked
 * &lt;root&gt;/&lt;source&gt;/&lt;dataset&gt;/&lt;schema&gt;/&lt;chunk_id&gt;-&lt;asked_at&gt;.dbn.zst           the answer
 *                                              ….contracts.json      instrument to contract
 *                                              ….json                the sidecar, written last
 *                                              ….failed.json         there is no answer
 *                                              ….split.json          it was asked in parts
 * &lt;root&gt;/&lt;source&gt;/&lt;dataset&gt;/days/&lt;run_id&gt;.json                      what was said of its days
 * &lt;root&gt;/runs/&lt;run_id&gt;/…                                                   see {@link RunFolder}
 * &lt;root&gt;/jobs/…                                                            see {@link LandedJobs}
 * &lt;root&gt;/quarantine/…                                                      not to be trusted, and why
 * </pre>
 *
 * <p>A file gets its name when it is whole and on the disk. What has no sidecar has not landed: see
 * {@link #orphans}. Works on any file system that Beam knows. Immutable, serializable, safe for
 * several threads and processes.
 */
public final class LandingArea implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(LandingArea.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

  /** The newest answer wins; one that holds data or knowledge stands before a failure. */
  private static final Comparator<LandedChunk> BEST =
      Comparator.comparingInt((LandedChunk landed) -> rank(landed.getState()))
          .thenComparingLong(LandedChunk::getAskedAtNs);

  private final Storage storage;

  private LandingArea(Storage storage) {
    this.storage = storage;
  }

  /**
   * The landing at a place; nothing is created before the first file is written.
   *
   * @param place a folder, or a URI of a file system that Beam finds on the class path
   */
  public static LandingArea at(String place) {
    return new LandingArea(new Storage(place));
  }

  /** The schemes of the URIs that can be places, such as {@code file}, in order. */
  public static SortedSet<String> schemes() {
    return FileSystemSchemes.registered();
  }

  /** Where it is: an absolute path, or the URI. */
  public String uri() {
    return storage.root();
  }

  /**
   * When the answer in a file was asked for, by its name, UTC nanoseconds since 1970; nothing for a
   * file that no landing has named.
   */
  public static OptionalLong askedAtNs(String file) {
    return LandingNames.parse(file.substring(file.lastIndexOf('/') + 1)).stream()
        .mapToLong(parsed -> parsed.generation().askedAtNs())
        .findFirst();
  }

  /** Opens a landed file by the path or URI that {@link LandedChunk} names. */
  public static InputStream open(String file) throws IOException {
    return Storage.open(file);
  }

  /**
   * Opens the file of a landed chunk to be loaded. Whoever reads it to its end knows that it is
   * whole: instead of the end, a damaged file gives a {@link DamagedAnswerException}. Where its
   * format makes no sense before that, {@link #verify} tells whether damage is why. A chunk without
   * sha256 is not checked.
   */
  public static InputStream openVerified(LandedChunk landed) throws IOException {
    InputStream in;
    try {
      in = open(landed.getFile());
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new DamagedAnswerException(landed.getFile(), "it is not there any more");
    }
    return landed.getSha256().isEmpty() ? in : new VerifyingStream(in, landed);
  }

  /**
   * Reads the file of a landed chunk to its end.
   *
   * @throws DamagedAnswerException if it is not what was landed
   * @throws IOException if it cannot be read
   */
  public static void verify(LandedChunk landed) throws IOException {
    try (InputStream in = openVerified(landed)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * Takes a damaged answer out of the landing: its file, contracts and sidecar move to {@code
   * quarantine/}, with the reason beside them, so that the generation before it stands for the
   * chunk, or it is asked for again. Nothing is deleted. Called again, it does nothing.
   *
   * @param reason one sentence
   */
  public static void setAside(LandedChunk landed, String reason) throws IOException {
    DamagedFiles.setAside(landed, reason);
  }

  /**
   * Takes a data file without a sidecar out of the landing, because it is no whole answer; see
   * {@link #setAside(LandedChunk, String)}.
   */
  public static void setAside(Orphan orphan, String reason) throws IOException {
    DamagedFiles.setAside(orphan.file(), reason);
  }

  /** Reads the contracts of a landed chunk; there are none where it names no contracts file. */
  public static Optional<Contracts> contracts(LandedChunk landed) throws IOException {
    if (landed.getContractsFile().isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = open(landed.getContractsFile())) {
      return Optional.of(Contracts.read(in));
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new DamagedAnswerException(
          landed.getFile(), "its contracts are not there any more: " + landed.getContractsFile());
    }
  }

  /**
   * Every valid generation of every chunk, in the order of chunk id and time; failures only where
   * no later answer supersedes them. A sidecar that is cut, or whose files are not there in full,
   * is passed over with a warning.
   */
  public List<LandedChunk> list(String source, String dataset, String schema, String stypeIn)
      throws IOException {
    String folder = LandingNames.folder(source, dataset, schema);
    return Generations.read(storage, folder).landed().stream()
        .filter(landed -> landed.getChunk().getStypeIn().equals(stypeIn))
        .toList();
  }

  /**
   * Moves to {@code quarantine/} what {@link #list} passes over: sidecars that are cut, that
   * describe another request than their name says, or whose files are missing or have another size;
   * and with those the files that are wrong. A whole file whose sidecar alone is bad stays: it is
   * an {@linkplain #orphans orphan} then.
   *
   * @return what was moved and why, a sentence each
   */
  public List<String> quarantine(String source, String dataset, String schema) throws IOException {
    String folder = LandingNames.folder(source, dataset, schema);
    List<String> said = new ArrayList<>();
    for (Generations.Broken broken : Generations.read(storage, folder).broken()) {
      DamagedFiles.move(storage, folder, broken.names(), broken.reason());
      said.add(storage.uri(folder + "/" + broken.names().get(0)) + ": " + broken.reason());
    }
    return said;
  }

  /**
   * The ids of chunks whose answer is here, by the names of their sidecars alone; of chunks that
   * were split, when the answers of all their parts are.
   */
  public Set<String> landedChunks(String source, String dataset, String schema) throws IOException {
    String folder = LandingNames.folder(source, dataset, schema);
    return SplitChunks.landed(storage, folder, storage.list(folder, ""));
  }

  /** What stands for a chunk: its newest answer; without one, what is known of it. */
  public Optional<LandedChunk> newest(Chunk chunk) throws IOException {
    return look(chunk).newest();
  }

  /**
   * All that the landing holds for a chunk. What this process writes is known at once; on a local
   * disk, what another process has written in the last five seconds may be missed, because a folder
   * of thousands is not listed for every chunk. So only two processes that ask for the same chunk
   * at the same moment both buy it.
   */
  public Holding look(Chunk chunk) throws IOException {
    Generations found = Generations.read(storage, folder(chunk), chunk.getChunkId());
    return new Holding(found.landed().stream().max(BEST), found.orphans(), found.newestAskedAtNs());
  }

  /** Lets the next {@link #look} see all that other processes have written by now. */
  public void lookAnew() {
    FolderNames.forget(storage.root());
  }

  /**
   * What the landing holds for a chunk.
   *
   * @param newest what stands for it: its newest answer; without one, what is known of it
   * @param orphans its data files without a sidecar, oldest first
   * @param newestAskedAtNs the time of its newest file of any kind; {@link Long#MIN_VALUE} where
   *     there is none
   */
  public record Holding(Optional<LandedChunk> newest, List<Orphan> orphans, long newestAskedAtNs) {
    /**
     * The time under which the next generation lands, in UTC nanoseconds: now, or just after the
     * newest where the clock stands still or went back, so that none takes the place of another.
     */
    public long nextAskedAtNs(Instant now) {
      return Math.max(Times.nanos(now), newestAskedAtNs + 1);
    }
  }

  private static int rank(LandedState state) {
    return switch (state) {
      case LANDED -> 3;
      case UNRESOLVED -> 2;
      case NOT_ENTITLED -> 1;
      case FAILED, SPLIT -> 0;
    };
  }

  /**
   * The data files of a schema that have no valid sidecar, because the program died before it was
   * written. Whoever can read them verifies and adopts them by {@link #record}; call it only after
   * {@link #claimOrigin} has let this origin in, which is asked to count what they hold.
   */
  public List<Orphan> orphans(String source, String dataset, String schema) throws IOException {
    return Generations.read(storage, LandingNames.folder(source, dataset, schema)).orphans();
  }

  /**
   * Deletes the temporary files of a schema that attempts which died have left.
   *
   * @param before a file that was written to after this may belong to an attempt that lives, of
   *     this process or another; a day before now is safe, as no answer stalls for so long
   */
  public void deleteTemporaries(String source, String dataset, String schema, Instant before)
      throws IOException {
    storage.deleteTemporaries(LandingNames.folder(source, dataset, schema), before);
  }

  /**
   * A data file without a sidecar.
   *
   * @param file its path or URI
   * @param format the ending of its name, e.g. dbn.zst
   * @param contractsFile path or URI of the contracts beside it, empty where there is none
   * @param askedAtNs from its name, UTC nanoseconds since 1970
   */
  public record Orphan(
      String chunkId, String file, String format, String contractsFile, long askedAtNs) {}

  /**
   * Begins an answer under a temporary name.
   *
   * @param format ending of the name, e.g. dbn.zst
   * @param attempt tells this attempt from others, in the temporary name
   */
  public PendingAnswer begin(Chunk chunk, long askedAtNs, String format, String attempt)
      throws IOException {
    return new PendingAnswer(
        storage, file(chunk, askedAtNs, format), LandingNames.part("attempt", attempt));
  }

  /**
   * Lands the contracts of an answer.
   *
   * @return path or URI of the file
   */
  public String writeContracts(Chunk chunk, long askedAtNs, byte[] json) throws IOException {
    String file = file(chunk, askedAtNs, LandingNames.CONTRACTS);
    storage.write(file, json);
    return storage.uri(file);
  }

  /**
   * Writes the sidecar: from now on the chunk has this outcome. Its files must be there already.
   *
   * @return the same
   */
  public LandedChunk record(LandedChunk landed) throws IOException {
    String kind =
        switch (landed.getState()) {
          case FAILED -> LandingNames.FAILED_SIDECAR;
          case SPLIT -> LandingNames.SPLIT_SIDECAR;
          case LANDED, UNRESOLVED, NOT_ENTITLED -> LandingNames.SIDECAR;
        };
    ObjectNode sidecar = Sidecar.write(landed);
    FailPoint.BEFORE_SIDECAR.pass();
    storage.write(
        file(landed.getChunk(), landed.getAskedAtNs(), kind), PRETTY.writeValueAsBytes(sidecar));
    FailPoint.AFTER_SIDECAR.pass();
    return landed;
  }

  private static String folder(Chunk chunk) {
    return LandingNames.folder(chunk.getSource(), chunk.getDataset(), chunk.getSchemaName());
  }

  private static String file(Chunk chunk, long askedAtNs, String kind) {
    LandingNames.part("chunk_id", chunk.getChunkId());
    return folder(chunk) + "/" + new Generation(chunk.getChunkId(), askedAtNs).file(kind);
  }

  /** Keeps what the service said of a dataset's days, under the name of the run that asked. */
  public void writeDays(String source, String dataset, String runId, LandedDays days)
      throws IOException {
    storage.write(
        daysFolder(source, dataset) + "/" + LandingNames.part("run_id", runId) + ".json",
        days.json());
  }

  /** What the service said last of each day of a dataset; empty where it was never asked. */
  public Optional<LandedDays> days(String source, String dataset) throws IOException {
    String folder = daysFolder(source, dataset);
    List<LandedDays> said = new ArrayList<>();
    for (String name : storage.list(folder, "")) {
      try {
        said.add(LandedDays.read(storage.read(folder + "/" + name)));
      } catch (IOException e) {
        LOG.warn("{} is not used: {}", storage.uri(folder + "/" + name), e.getMessage());
      }
    }
    said.sort(Comparator.comparing(LandedDays::seenAt));
    return said.isEmpty() ? Optional.empty() : Optional.of(LandedDays.newest(said));
  }

  private static String daysFolder(String source, String dataset) {
    return LandingNames.folder(source, dataset, "days");
  }

  /** The origin that filled this landing for a source; empty while nobody has. */
  public Optional<String> origin(String source) throws IOException {
    String file = originFile(source);
    if (storage.size(file) < 0) {
      return Optional.empty();
    }
    JsonNode node = JSON.readTree(storage.read(file));
    if (!node.path("origin").isTextual()) {
      throw new IOException(
          storage.uri(file) + " does not name an origin; if you know who filled it, repair it");
    }
    return Optional.of(node.path("origin").textValue());
  }

  /**
   * Makes this the landing of an origin, for good. Call it before anything is asked.
   *
   * @throws OriginMismatchException if it is another's
   */
  public void claimOrigin(String source, String origin, Instant now) throws IOException {
    if (origin(source).isEmpty()) {
      ObjectNode node = JSON.createObjectNode().put("origin", origin);
      node.put("set_at", now.toString());
      storage.write(originFile(source), PRETTY.writeValueAsBytes(node));
      LOG.debug("{} is now filled by {}", storage.root(), origin);
    }
    String landed = origin(source).orElse("nobody");
    if (!landed.equals(origin)) {
      throw new OriginMismatchException(storage.root(), source, landed, origin);
    }
  }

  /** What is remembered of how much is answered at once; see {@link #sizeName}. */
  public Optional<byte[]> size(String name) throws IOException {
    String file = sizeFile(name);
    return storage.size(file) < 0 ? Optional.empty() : Optional.of(storage.read(file));
  }

  /** Remembers how much is answered at once, instead of what was remembered. */
  public void size(String name, byte[] json) throws IOException {
    storage.write(sizeFile(name), json);
  }

  /** The name under which the size of such chunks is remembered. */
  public static String sizeName(Chunk chunk) {
    return String.join(
        "-", chunk.getSource(), chunk.getDataset(), chunk.getSchemaName(), chunk.getStypeIn());
  }

  private static String sizeFile(String name) {
    return "size-" + LandingNames.part("name", name) + ".json";
  }

  private static String originFile(String source) {
    return "origin-" + LandingNames.part("source", source) + ".json";
  }

  /** What the processes of one run tell each other; nothing is created by this. */
  public RunFolder runFolder(String runId) {
    return new RunFolder(storage, runId);
  }

  /** What answers are of. */
  public record Filled(String source, String dataset) {}

  /** Of what there are answers in a schema, in order; nothing where there is no landing. */
  public List<Filled> filledWith(String schema) throws IOException {
    return storage.aboveFolder(LandingNames.part("schema", schema)).stream()
        .map(path -> new Filled(path.get(0), path.get(1)))
        .toList();
  }

  /** What is kept of the jobs that filled this landing; nothing is created by this. */
  public LandedJobs jobs() {
    return new LandedJobs(storage);
  }

  /** The ids of runs whose launcher has written that they have begun, and not deleted it. */
  public List<String> runsBegun() throws IOException {
    return RunFolder.begun(storage);
  }

  /** The journal of requests, to write to. Close it. */
  public RequestJournal journal() {
    return new RequestJournal(storage);
  }

  /** Every request that any run has sent, in the order in which they were sent. */
  public List<RequestEntry> requests() throws IOException {
    return JournalReader.readAll(storage);
  }

  /** The requests of one run; only its own files of the journal are read. */
  public List<RequestEntry> requests(String runId) throws IOException {
    return requestsOf(Set.of(runId));
  }

  /**
   * The requests of some runs together, in the order in which they were sent; only their files of
   * the journal are read.
   */
  public List<RequestEntry> requestsOf(Collection<String> runIds) throws IOException {
    return JournalReader.readRuns(storage, Set.copyOf(runIds));
  }
}
