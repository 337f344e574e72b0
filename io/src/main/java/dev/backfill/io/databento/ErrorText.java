package dev.backfill.io.databento;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The sentence that people read when the service refuses. */
final class ErrorText {
  private ErrorText() {}

  static String of(String what, int status, ErrorDetail detail, String requestId, int attempts) {
    StringBuilder text = new StringBuilder(what).append(" failed");
    if (attempts > 1) {
      text.append(" after ").append(attempts).append(" attempts");
    }
    text.append(": HTTP ").append(status);
    if (detail.errorCase() != null) {
      text.append(' ').append(detail.errorCase());
    }
    text.append(": ").append(sentence(words(status, detail.message())));
    available(text, detail.availableStart(), detail.availableEnd());
    String next = next(status, detail);
    if (!next.isEmpty()) {
      text.append(' ').append(next);
    }
    if (detail.docs() != null) {
      text.append(" See ").append(detail.docs());
    }
    if (!requestId.isEmpty()) {
      text.append(" (request id ").append(requestId).append(')');
    }
    return text.toString();
  }

  /** 408 and 504 come from machines in between, whose bodies say nothing useful. */
  private static String words(int status, String message) {
    return switch (status) {
      case 408 -> "the request did not reach the service in time (transmission timed out)";
      case 504 -> "the service took too long to answer and its gateway gave up (gateway timed out)";
      default -> message.isEmpty() ? "the service gave no reason" : message;
    };
  }

  private static String sentence(String words) {
    return words.endsWith(".") || words.endsWith("…") ? words : words + ".";
  }

  private static void available(
      StringBuilder text, @Nullable Instant start, @Nullable Instant end) {
    if (start != null) {
      text.append(" Available from ").append(start);
      text.append(end == null ? "." : " to " + end + ".");
    } else if (end != null) {
      text.append(" Available to ").append(end).append('.');
    }
  }

  private static String next(int status, ErrorDetail detail) {
    String errorCase = detail.errorCase();
    if ("auth_account_locked".equals(errorCase)) {
      return "The account is locked: ask the support of Databento.";
    }
    if ("dataset_unavailable_range".equals(errorCase)) {
      return "Ask for an earlier end, or check the subscription of the dataset.";
    }
    return switch (status) {
      case 401 -> "Check DATABENTO_API_KEY or --api-key-file.";
      case 402 ->
          "Check bills and spending limit in the billing portal:"
              + " https://databento.com/portal/billing";
      case 403 ->
          detail.isVerdict()
              ? "Check the subscription and licence of the dataset."
              : "These are not the service's own words: check what stands between it and this"
                  + " machine, a proxy, gateway or firewall.";
      case 404 -> "Check the API url (--api-url).";
      case 408, 500, 502, 503 -> "It may pass: try again later.";
      case 429 -> "Too many requests: lower the parallelism, or try again later.";
      case 504 -> "Try again later, or ask for less at once.";
      default ->
          status / 100 == 3 ? "Redirects are not followed: check the API url (--api-url)." : "";
    };
  }
}
