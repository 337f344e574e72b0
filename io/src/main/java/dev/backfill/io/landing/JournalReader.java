package dev.backfill.io.landing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the journal back: the lines of one attempt become one entry. */
final class JournalReader {
  private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

  private JournalReader() {}

  /**
   * The entries of the whole journal, in the order in which they were sent. A line that a crash has
   * torn is passed over; what is known of a request without end is what its lines say.
   */
  static List<RequestEntry> readAll(Storage storage) throws IOException {
    return read(storage, storage.list(RequestJournal.FOLDER, ""));
  }

  /** The entries of some runs, likewise. */
  static List<RequestEntry> readRuns(Storage storage, Set<String> runIds) throws IOException {
    List<String> prefixes = runIds.stream().map(RequestJournal::prefix).toList();
    // One look at a local folder for all; elsewhere each prefix spares the others' objects.
    List<String> names = new ArrayList<>();
    if (storage.isLocal()) {
      names.addAll(storage.list(RequestJournal.FOLDER, ""));
      names.removeIf(name -> prefixes.stream().noneMatch(name::startsWith));
    } else {
      for (String prefix : prefixes) {
        names.addAll(storage.list(RequestJournal.FOLDER, prefix));
      }
    }
    // The name of one run may begin with that of another.
    return read(storage, names.stream().distinct().toList()).stream()
        .filter(entry -> runIds.contains(entry.runId()))
        .toList();
  }

  private static List<RequestEntry> read(Storage storage, List<String> names) throws IOException {
    Map<String, RequestEntry> entries = new LinkedHashMap<>();
    for (String name : names) {
      if (name.endsWith(RequestJournal.LINES)) {
        String file = RequestJournal.FOLDER + "/" + name;
        readFile(storage.uri(file), storage.read(file), entries);
      }
    }
    return entries.values().stream()
        .map(RequestEntry::abandoned)
        .sorted(
            Comparator.comparingLong(RequestEntry::startedAtNs)
                .thenComparing(RequestEntry::requestNo))
        .toList();
  }

  private static void readFile(String file, byte[] content, Map<String, RequestEntry> entries) {
    int number = 0;
    for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      try {
        RequestEntry entry = JournalLine.read(line);
        // One object per line has no order of its own: the end stands, whichever is read first.
        entries.merge(
            entry.requestNo(), entry, (one, other) -> other.rank() < one.rank() ? one : other);
      } catch (IOException e) {
        LOG.warn("Line {} of the journal {} is not used: {}", number, file, e.getMessage());
      }
    }
  }
}
