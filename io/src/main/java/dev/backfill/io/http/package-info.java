/**
 * What the clients of all HTTP services share: the transport ({@link
 * dev.backfill.io.http.HttpChannel}), how a failure is told, and when a request is made again
 * ({@link dev.backfill.io.http.Retrier}). Knows no service and holds no key.
 */
@NullMarked
package dev.backfill.io.http;

import org.jspecify.annotations.NullMarked;
