/**
 * TLS and hashing with the processor's own instructions. Java's are as fast only when compiled in
 * full, which costs a short run more than it gains.
 */
@NullMarked
package dev.backfill.io.crypto;

import org.jspecify.annotations.NullMarked;
