package dev.backfill.pipelines;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@code emulator} is asked for, without a class of the emulator, which most commands never
 * load. Immutable.
 *
 * @param port 0 for any free one
 * @param tls whether it speaks HTTPS
 * @param seed which market it is
 * @param nowNs the time there, UTC nanoseconds; empty for the real time
 * @param dbnVersion 1 to 3
 * @param latency before each answer
 * @param gatewayLimit symbols × days × bars a day above which it answers 504; 0 for none
 * @param bytesPerSecond of each data answer; 0 for full speed
 * @param answerCacheBytes memory for answers that are ready to be sent again
 * @param faults as {@link dev.backfill.emulator.http.FaultSpec} reads them
 * @param datasets that the key may have; empty for the default
 */
record EmulatorSettings(
    int port,
    boolean tls,
    long seed,
    OptionalLong nowNs,
    int dbnVersion,
    Duration latency,
    long gatewayLimit,
    long bytesPerSecond,
    long answerCacheBytes,
    List<String> faults,
    List<String> datasets) {
  EmulatorSettings {
    faults = List.copyOf(faults);
    datasets = List.copyOf(datasets);
  }
}
