package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.schemas.LandedChunk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a launcher and the workers of its run tell each other, where they are processes on different
 * machines: files in the landing, which all of them see.
 *
 * <pre>
 * &lt;root&gt;/runs/&lt;run_id&gt;/run.json                    by the launcher, before anything is asked
 * &lt;root&gt;/runs/&lt;run_id&gt;/stop.json                   by a worker: nothing more may be asked
 * &lt;root&gt;/runs/&lt;run_id&gt;/outcomes/&lt;chunk_id&gt;.json     by a worker: how what was asked has ended
 * </pre>
 *
 * <p>Nothing here is the truth of anything: what has landed is in the landing's sidecars, and what
 * is loaded in the database's ledger. So all of it may be written again, by a worker that was
 * started again, and be deleted when the run has ended. Immutable, serializable, safe for several
 * threads and processes.
 */
public final class RunFolder implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();
  private static final String SUFFIX = ".json";
  private static final String ALL = "runs";
  private static final String RUN = "run" + SUFFIX;

  private final Storage storage;
  private final String folder;

  RunFolder(Storage storage, String runId) {
    this.storage = storage;
    this.folder = ALL + "/" + LandingNames.part("run_id", runId);
  }

  /** The ids of runs that have begun; in order. */
  static List<String> begun(Storage storage) throws IOException {
    return storage.foldersWith(ALL, RUN);
  }

  /**
   * Why a run was stopped.
   *
   * @param message for people
   * @param status of the HTTP answer that stopped it, 0 where there was none
   */
  public record Stop(String message, int status) {}

  /**
   * How one chunk has ended.
   *
   * @param askedChunkId the chunk as it was asked for; it may have landed as its first part in time
   *     alone, which has an id of its own
   * @param landed with files as they are found from here; for a split chunk it names the parts,
   *     whose outcomes come by themselves
   */
  public record Outcome(String askedChunkId, LandedChunk landed) {}

  /** Path or URI of the folder, for messages. */
  public String uri() {
    return storage.uri(folder);
  }

  /** Says that the run has begun; the content is the launcher's own. */
  public void writeRun(byte[] json) throws IOException {
    storage.write(runFile(), json);
  }

  /** What the launcher has written; empty where no launcher of this run writes to this landing. */
  public Optional<byte[]> run() throws IOException {
    return read(runFile());
  }

  /**
   * Makes sure that whoever calls this sees the landing that the launcher sees.
   *
   * @throws IOException if it does not; the message says what to do
   */
  public void requireRun() throws IOException {
    if (storage.size(runFile()) < 0) {
      throw new IOException(
          "This worker does not see the run's landing: "
              + storage.uri(runFile())
              + ", which was written before the workers were started, is not there. Nothing was"
              + " asked. Give a landing that every worker finds under the same name: a folder that"
              + " all of them share, or a URI like s3://bucket/landing");
    }
  }

  /** Lets nothing more be asked in this run, even by workers that are started again. */
  public void stop(String message, int status) throws IOException {
    ObjectNode node = JSON.createObjectNode().put("message", message).put("status", status);
    storage.write(stopFile(), PRETTY.writeValueAsBytes(node));
  }

  /** Why nothing more may be asked; empty as long as it may. */
  public Optional<Stop> stopped() throws IOException {
    Optional<byte[]> content = read(stopFile());
    if (content.isEmpty()) {
      return Optional.empty();
    }
    JsonNode node = JSON.readTree(content.get());
    return Optional.of(
        new Stop(node.path("message").asText("the run was stopped"), node.path("status").asInt()));
  }

  /** Notes how a chunk has ended, instead of what was noted of it before. */
  public void outcome(String askedChunkId, LandedChunk landed) throws IOException {
    LandedChunk moved =
        LandedChunk.newBuilder(landed)
            .setFile(inLanding(landed.getFile()))
            .setContractsFile(inLanding(landed.getContractsFile()))
            .build();
    ObjectNode node = JSON.createObjectNode().put("asked_chunk_id", askedChunkId);
    node.set("outcome", AvroJson.write(moved));
    storage.write(outcomeFile(askedChunkId), PRETTY.writeValueAsBytes(node));
  }

  /** The ids of the chunks, as they were asked for, of which an outcome is there; in order. */
  public List<String> outcomes() throws IOException {
    List<String> ids = new ArrayList<>();
    for (String name : storage.list(outcomesFolder(), "")) {
      if (name.endsWith(SUFFIX)) {
        ids.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    }
    return ids;
  }

  /**
   * How a chunk has ended; empty where that is not noted.
   *
   * @throws IOException if what is noted cannot be read, and which file that is
   */
  public Optional<Outcome> outcome(String askedChunkId) throws IOException {
    Optional<byte[]> content = read(outcomeFile(askedChunkId));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(content.get());
      LandedChunk landed =
          AvroJson.read(node.path("outcome"), LandedChunk.getClassSchema(), LandedChunk.class);
      landed.setFile(fromHere(landed.getFile()));
      landed.setContractsFile(fromHere(landed.getContractsFile()));
      return Optional.of(new Outcome(node.path("asked_chunk_id").asText(askedChunkId), landed));
    } catch (IOException e) {
      throw new IOException(
          storage.uri(outcomeFile(askedChunkId))
              + " is no outcome of a chunk: "
              + e.getMessage()
              + ". The landing itself is not touched by this; run again for what is missing",
          e);
    }
  }

  /** Forgets the outcome of a chunk, which may come again if its worker is started again. */
  public void delete(String askedChunkId) throws IOException {
    storage.delete(outcomeFile(askedChunkId));
  }

  /** Forgets the run: call it when no worker of it is left. */
  public void deleteAll() throws IOException {
    storage.deleteFolder(outcomesFolder());
    storage.deleteFolder(folder);
  }

  private Optional<byte[]> read(String file) throws IOException {
    try {
      return storage.size(file) < 0 ? Optional.empty() : Optional.of(storage.read(file));
    } catch (FileNotFoundException | NoSuchFileException e) {
      // Deleted since the look.
      return Optional.empty();
    }
  }

  /** The landing may have another name where this is read. */
  private String inLanding(String uri) {
    String root = storage.root() + "/";
    return uri.startsWith(root) ? uri.substring(root.length()) : uri;
  }

  private String fromHere(String file) {
    boolean isWhole = file.isEmpty() || file.startsWith("/") || file.contains(":");
    return isWhole ? file : storage.uri(file);
  }

  private String runFile() {
    return folder + "/" + RUN;
  }

  private String stopFile() {
    return folder + "/stop" + SUFFIX;
  }

  private String outcomesFolder() {
    return folder + "/outcomes";
  }

  private String outcomeFile(String chunkId) {
    return outcomesFolder() + "/" + LandingNames.part("chunk_id", chunkId) + SUFFIX;
  }
}
