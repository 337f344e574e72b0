package dev.backfill.emulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compressed answers that were asked for last, up to a bound in bytes. Thread-safe. */
final class AnswerCache {
  private static final class Answer {
    final byte[] body;
    final long records;

    Answer(byte[] body, long records) {
      this.body = body;
      this.records = records;
    }
  }

  private final long maxBytes;
  private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  AnswerCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Sends the body of a request, from memory where it is there. */
  void write(String key, BodyWriter body, OutputStream out) throws IOException {
    Answer known;
    synchronized (answers) {
      known = answers.get(key);
    }
    if (known != null) {
      body.countCached(known.records);
      out.write(known.body, 0, known.body.length);
      return;
    }
    Tee tee = new Tee(out, maxBytes / 4);
    body.write(tee);
    ByteArrayOutputStream kept = tee.kept;
    if (kept != null) {
      keep(key, new Answer(kept.toByteArray(), body.records()));
    }
  }

  private void keep(String key, Answer answer) {
    synchronized (answers) {
      if (answers.put(key, answer) == null) {
        bytes += answer.body.length;
      }
      var oldest = answers.values().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        bytes -= oldest.next().body.length;
        oldest.remove();
      }
    }
  }

  /** Sends and remembers, until there is too much to remember. */
  private static final class Tee extends OutputStream {
    private final OutputStream out;
    private final long most;
    private @Nullable ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Tee(OutputStream out, long most) {
      this.out = out;
      this.most = most;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      ByteArrayOutputStream copy = kept;
      if (copy != null && copy.size() + len <= most) {
        copy.write(b, off, len);
      } else {
        kept = null;
      }
    }
  }
}
