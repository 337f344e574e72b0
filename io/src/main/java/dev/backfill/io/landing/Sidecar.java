package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    if (landed.getState() == LandedState.LANDED) {
      long there = storage.size(folder + "/" + landed.getFile());
      if (there != landed.getBytes()) {
        throw new IOException(
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
