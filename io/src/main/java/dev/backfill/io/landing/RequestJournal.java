package dev.backfill.io.landing;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The money's memory: each attempt is a line before it is sent and another when it ended, each on
 * the disk when the method returns, and lines between that say how far it is. A local landing has
 * one append-only file for each run and journal; elsewhere, where nothing can be appended, each
 * line is an object of its own. Safe for several threads; other processes have files of their own.
 */
public final class RequestJournal implements Closeable {
  static final String FOLDER = "journal";
  static final String LINES = ".jsonl";

  private final Storage storage;
  private final String random;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong lines = new AtomicLong();
  private final Map<String, FileChannel> files = new HashMap<>();

  RequestJournal(Storage storage) {
    this.storage = storage;
    byte[] bytes = new byte[6];
    ThreadLocalRandom.current().nextBytes(bytes);
    this.random = HexFormat.of().formatHex(bytes);
  }

  static String prefix(String runId) {
    return LandingNames.part("run_id", runId) + "-";
  }

  /**
   * Notes that a request is about to be sent. Send it only after this has returned.
   *
   * @param chunkId null where it is not for a chunk
   * @param apiOrigin who is asked; never the key
   * @param attempt from 1
   * @param startedAtNs UTC nanoseconds since 1970
   * @param billableBytes the most that it may be billed for; null where that is not known
   * @param costEstimateUsd of those bytes
   */
  public RequestEntry sent(
      String runId,
      @Nullable String chunkId,
      String apiOrigin,
      String method,
      int attempt,
      long startedAtNs,
      @Nullable Long billableBytes,
      @Nullable Double costEstimateUsd)
      throws IOException {
    String requestNo = prefix(runId) + random + "-" + requests.incrementAndGet();
    RequestEntry entry =
        new RequestEntry(
            requestNo,
            runId,
            chunkId,
            apiOrigin,
            method,
            attempt,
            startedAtNs,
            null,
            null,
            RequestEntry.SENT,
            null,
            null,
            billableBytes,
            costEstimateUsd,
            null);
    append(entry, true);
    return entry;
  }

  /**
   * Notes what is known of a request that is under way; see {@link RequestEntry#underWay}. Outlives
   * the process, but maybe not the machine: then the line before it holds.
   */
  public void underWay(RequestEntry entry) throws IOException {
    append(entry, false);
  }

  /** Notes how a request ended; see {@link RequestEntry#ended}. */
  public void ended(RequestEntry entry) throws IOException {
    append(entry, true);
  }

  private synchronized void append(RequestEntry entry, boolean isSynced) throws IOException {
    byte[] line = (JournalLine.write(entry) + "\n").getBytes(StandardCharsets.UTF_8);
    if (!storage.isLocal()) {
      String name = prefix(entry.runId()) + random + "-" + lines.incrementAndGet() + LINES;
      storage.write(FOLDER + "/" + name, line);
      return;
    }
    FileChannel file = files.get(entry.runId());
    if (file == null) {
      file = open(entry.runId());
      files.put(entry.runId(), file);
    }
    ByteBuffer buffer = ByteBuffer.wrap(line);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    if (isSynced) {
      file.force(false);
    }
  }

  private FileChannel open(String runId) throws IOException {
    String relative = FOLDER + "/" + prefix(runId) + random + LINES;
    Path path = storage.path(relative);
    Files.createDirectories(path.getParent());
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    storage.syncFolder(relative);
    return file;
  }

  /** Closes its files. */
  @Override
  public synchronized void close() throws IOException {
    for (FileChannel file : files.values()) {
      file.close();
    }
    files.clear();
  }
}
