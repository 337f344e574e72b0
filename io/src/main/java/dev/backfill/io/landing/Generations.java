package dev.backfill.io.landing;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backfill.io.landing.LandingArea.Orphan;
import dev.backfill.io.landing.LandingNames.Generation;
import dev.backfill.io.landing.LandingNames.Parsed;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a folder of the landing holds, sorted out from its files' names.
 *
 * @param landed what valid sidecars say; in the order of chunk id and time
 * @param orphans data files without a valid sidecar
 * @param broken sidecars that cannot be trusted, with the files that are wrong for sure
 * @param newestAskedAtNs the time of the newest file; {@link Long#MIN_VALUE} where there is none
 */
record Generations(
    List<LandedChunk> landed, List<Orphan> orphans, List<Broken> broken, long newestAskedAtNs) {
  private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

  private static final List<String> SIDECARS =
      List.of(LandingNames.SIDECAR, LandingNames.SPLIT_SIDECAR, LandingNames.FAILED_SIDECAR);

  /**
   * Files that are not to be used.
   *
   * @param names without folder; the first is the one that is wrong
   */
  record Broken(List<String> names, String reason) {}

  /** All that a folder holds. */
  static Generations read(Storage storage, String folder) throws IOException {
    return of(storage, folder, storage.list(folder, ""));
  }

  /** What a folder holds of one chunk, on a local disk by the names that are known already. */
  static Generations read(Storage storage, String folder, String chunkId) throws IOException {
    List<String> names =
        storage.isLocal()
            ? FolderNames.of(storage, folder, chunkId)
            : storage.list(folder, chunkId + "-");
    return of(storage, folder, names);
  }

  private static Generations of(Storage storage, String folder, List<String> names)
      throws IOException {
    Map<String, Map<Generation, Set<String>>> byChunk = new TreeMap<>();
    long newest = Long.MIN_VALUE;
    for (String name : names) {
      Optional<Parsed> parsed = LandingNames.parse(name);
      if (parsed.isPresent()) {
        add(byChunk, parsed.get());
        newest = Math.max(newest, parsed.get().generation().askedAtNs());
      }
    }
    Generations found =
        new Generations(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), newest);
    for (Map<Generation, Set<String>> chunk : byChunk.values()) {
      List<LandedChunk> outcomes = new ArrayList<>();
      for (Map.Entry<Generation, Set<String>> generation : chunk.entrySet()) {
        found.addGeneration(storage, folder, generation.getKey(), generation.getValue(), outcomes);
      }
      found.landed.addAll(withoutSuperseded(outcomes));
    }
    return found;
  }

  private static void add(Map<String, Map<Generation, Set<String>>> byChunk, Parsed parsed) {
    byChunk
        .computeIfAbsent(
            parsed.generation().chunkId(),
            id -> new TreeMap<>(Comparator.comparingLong(Generation::askedAtNs)))
        .computeIfAbsent(parsed.generation(), generation -> new HashSet<>())
        .add(parsed.kind());
  }

  private void addGeneration(
      Storage storage,
      String folder,
      Generation generation,
      Set<String> kinds,
      List<LandedChunk> outcomes)
      throws IOException {
    boolean hasAnswer = false;
    for (String kind : SIDECARS) {
      if (kinds.remove(kind) && !hasAnswer) {
        String name = generation.file(kind);
        try {
          outcomes.add(Sidecar.read(storage, folder, name));
          hasAnswer = kind.equals(LandingNames.SIDECAR);
        } catch (IOException e) {
          String why =
              e instanceof JsonProcessingException
                  ? "it is cut or damaged"
                  : String.valueOf(e.getMessage());
          LOG.warn("The sidecar {} is not used: {}", storage.uri(folder + "/" + name), why);
          List<String> names = new ArrayList<>(List.of(name));
          if (e instanceof Sidecar.FilesException) {
            // The answer itself is wrong: it must not be adopted as one without a sidecar.
            kinds.forEach(
                other ->
                    names.add(
                        other.equals(LandingNames.CONTRACTS) ? names.size() : 0,
                        generation.file(other)));
            kinds.clear();
          }
          broken.add(new Broken(List.copyOf(names), "the sidecar " + name + ": " + why));
        }
      }
    }
    boolean hasContracts = kinds.remove(LandingNames.CONTRACTS);
    if (!hasAnswer) {
      for (String format : kinds) {
        orphans.add(
            new Orphan(
                generation.chunkId(),
                storage.uri(folder + "/" + generation.file(format)),
                format,
                hasContracts
                    ? storage.uri(folder + "/" + generation.file(LandingNames.CONTRACTS))
                    : "",
                generation.askedAtNs()));
      }
    }
  }

  /** Whether it is the answer, or the knowledge that there is none: not a failure, not a split. */
  private static boolean isAnswer(LandedChunk outcome) {
    return outcome.getState() != LandedState.FAILED && outcome.getState() != LandedState.SPLIT;
  }

  /** A failure counts for as long as nothing better came later, and so does a split. */
  private static List<LandedChunk> withoutSuperseded(List<LandedChunk> outcomes) {
    long newestAnswer =
        outcomes.stream()
            .filter(Generations::isAnswer)
            .mapToLong(LandedChunk::getAskedAtNs)
            .max()
            .orElse(Long.MIN_VALUE);
    return outcomes.stream()
        .filter(outcome -> isAnswer(outcome) || outcome.getAskedAtNs() > newestAnswer)
        .toList();
  }
}
