package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;

/**
 * A landed chunk as the JSON file beside its answer. Files are named without their folder, so that
 * a landing may be moved.
 */
final class Sidecar {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Sidecar() {}

  /** A sidecar whose files are not those that it describes. */
  static final class FilesException extends IOException {
    private static final long serialVersionUID = 1L;

    FilesException(String why) {
      super(why);
    }
  }

  static ObjectNode write(LandedChunk landed) {
    LandedChunk moved =
        LandedChunk.newBuilder(landed)
            .setFile(lastPart(landed.getFile()))
            .setContractsFile(lastPart(landed.getContractsFile()))
            .build();
    return AvroJson.write(moved);
  }

  private static String lastPart(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  /**
   * Reads the sidecar of a generation and checks that what it names is there.
   *
   * @param name without folder
   * @throws IOException if it cannot be trusted, and why
   */
  static LandedChunk read(Storage storage, String folder, String name) throws IOException {
    JsonNode node = JSON.readTree(storage.read(folder + "/" + name));
    LandedChunk landed = AvroJson.read(node, LandedChunk.getClassSchema(), LandedChunk.class);
    LandingNames.Parsed parsed =
        LandingNames.parse(name).orElseThrow(() -> new IOException("it has no landing's name"));
    if (!landed.getChunk().getChunkId().equals(parsed.generation().chunkId())
        || landed.getAskedAtNs() != parsed.generation().askedAtNs()) {
      throw new IOException("it describes another answer than its name says");
    }
    Chunk chunk = landed.getChunk();
    String asked =
        ChunkId.of(
            chunk.getSource(),
            chunk.getDataset(),
            chunk.getSchemaName(),
            chunk.getStypeIn(),
            chunk.getSymbols(),
            chunk.getStartNs(),
            chunk.getEndNs());
    if (!asked.equals(chunk.getChunkId())) {
      throw new IOException("the request in it is another than its chunk id stands for");
    }
    if (landed.getState() == LandedState.LANDED) {
      long there = storage.size(folder + "/" + landed.getFile());
      if (there != landed.getBytes()) {
        throw new FilesException(
            (there < 0 ? "its file is missing: " : "its file has " + there + " bytes: ")
                + landed.getFile()
                + " should have "
                + landed.getBytes());
      }
      landed.setFile(storage.uri(folder + "/" + landed.getFile()));
    }
    if (!landed.getContractsFile().isEmpty()) {
      if (storage.size(folder + "/" + landed.getContractsFile()) < 0) {
        throw new IOException("its contracts are missing: " + landed.getContractsFile());
      }
      landed.setContractsFile(storage.uri(folder + "/" + landed.getContractsFile()));
    }
    return landed;
  }
}
