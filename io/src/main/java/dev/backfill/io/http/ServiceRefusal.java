package dev.backfill.io.http;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link Retrier} must know of a service's no, whichever service said it. */
public interface ServiceRefusal {
  /** Whether the same request may succeed later. */
  boolean isRetryable();

  /** The least wait that the service asks for before another attempt. */
  @Nullable Duration retryAfter();

  /** The same refusal, which also says that it was the last of so many attempts. */
  IOException afterAttempts(int number);
}
