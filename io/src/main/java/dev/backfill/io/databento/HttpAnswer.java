package dev.backfill.io.databento;

import dev.backfill.io.http.BodyStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.http.conn.ConnectionReleaseTrigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A good answer, whose body is still on its way. */
final class HttpAnswer implements HistoricalClient.Answer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpAnswer.class);

  private final BodyStream body;
  private final String requestId;
  private final List<String> warnings;
  private final InputStream content;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();

  HttpAnswer(
      BodyStream body,
      String requestId,
      List<String> warnings,
      InputStream content,
      Runnable whenClosed) {
    this.body = body;
    this.requestId = requestId;
    this.warnings = warnings;
    this.content = content;
    this.whenClosed = whenClosed;
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  /** Keeps the connection for others where the body was read to its end, else cuts it. */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (body.ended()) {
        body.close();
      } else {
        abandon(content);
      }
    } finally {
      whenClosed.run();
    }
  }

  /** Cuts the connection: to close the stream alone would first read, and buy, all the rest. */
  static void abandon(InputStream content) {
    try {
      if (content instanceof ConnectionReleaseTrigger connection) {
        connection.abortConnection();
      } else {
        content.close();
      }
    } catch (IOException e) {
      LOG.debug("A connection that was given up did not close quietly: {}", e.toString());
    }
  }
}
