/** The service's endpoints over the emulated market: requests, answers, errors, faults. */
@org.jspecify.annotations.NullMarked
package dev.backfill.emulator.http;
