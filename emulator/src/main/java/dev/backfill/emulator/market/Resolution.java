package dev.backfill.emulator.market;

import dev.backfill.io.dbn.MappingInterval;
import java.util.List;
import java.util.Map;

/**
 * What symbols stand for over a range of UTC dates.
 *
 * @param result by symbol its dated meanings, in order; empty where there is none. Under a parent
 *     each contract stands by its own name.
 * @param partial symbols that resolved on some days of the range only
 * @param notFound symbols that resolved on none
 */
public record Resolution(
    Map<String, List<MappingInterval>> result, List<String> partial, List<String> notFound) {}
