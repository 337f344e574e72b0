/** Databento served locally, with faults on demand. Start at {@link EmulatorServer}. */
@org.jspecify.annotations.NullMarked
package dev.backfill.emulator;
