package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a job file: each says only what is different from the file itself. They are carried
 * out in their order; the last is the main one, and has the job's own name.
 */
final class JobParts {
  private static final String NAME = "name";

  private final List<JobFile> parts;

  private JobParts(List<JobFile> parts) {
    this.parts = parts;
  }

  /**
   * Reads the parts.
   *
   * @param file how messages name it
   * @param whole the file
   * @param keys what a job file may have
   */
  static JobParts of(String file, YamlMap whole, Set<String> keys) {
    Set<String> own = new LinkedHashSet<>(keys);
    own.remove("parts");
    List<YamlMap> maps = whole.maps("parts", own);
    Set<String> names = new HashSet<>();
    List<JobFile> parts = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      YamlMap part = maps.get(i);
      boolean isMain = i == maps.size() - 1;
      if (isMain && part.has(NAME)) {
        throw part.fail(NAME, "is not for the last part: that one has the name of the job");
      }
      Optional<String> name = isMain ? Optional.empty() : Optional.of(part.text(NAME));
      if (name.isPresent() && !name.get().matches("[a-z0-9][a-z0-9-]*")) {
        throw part.fail(NAME, "is small letters, digits and -, not " + name.get());
      }
      if (name.isPresent() && !names.add(name.get())) {
        throw part.fail(NAME, "is that of another part too: " + name.get());
      }
      parts.add(new JobFile(file, part.over(whole, Set.of(NAME), Set.of("parts")), name));
    }
    return new JobParts(parts);
  }

  /**
   * The parts as jobs. Symbols of the command line narrow each part to what it has of them; one
   * that no part has goes to every part that can ask for it.
   *
   * @throws UsageException if a part is wrong, or no part can ask for a symbol
   */
  List<Job> read(Overrides overrides) {
    Overrides range =
        new Overrides(
            overrides.from(), overrides.to(), List.of(), overrides.groups(), overrides.vintages());
    Map<JobFile, Job> jobs = new LinkedHashMap<>();
    parts.forEach(part -> jobs.put(part, part.job(range)));
    if (overrides.symbols().isEmpty()) {
      return List.copyOf(jobs.values());
    }
    Map<JobFile, Set<String>> chosen = new LinkedHashMap<>();
    for (String text : overrides.symbols()) {
      Map<JobFile, List<String>> takers = takers(text.strip(), jobs);
      if (takers.isEmpty()) {
        // Says what is wrong with it.
        parts.get(parts.size() - 1).job(overrides);
        throw new UsageException("--symbols: no part of the job can ask for " + text.strip());
      }
      takers.forEach(
          (part, symbols) ->
              chosen.computeIfAbsent(part, p -> new LinkedHashSet<>()).addAll(symbols));
    }
    List<Job> narrowed = new ArrayList<>();
    jobs.forEach(
        (part, job) -> {
          Set<String> own = chosen.getOrDefault(part, Set.of());
          if (!own.isEmpty()) {
            narrowed.add(job.withSymbols(List.copyOf(own)));
          }
        });
    return narrowed;
  }

  private static Map<JobFile, List<String>> takers(String text, Map<JobFile, Job> jobs) {
    Map<JobFile, List<String>> takers = new LinkedHashMap<>();
    jobs.forEach(
        (part, job) -> {
          List<String> own = SymbolForm.named(text, job.symbols());
          if (!own.isEmpty()) {
            takers.put(part, own);
          }
        });
    if (takers.isEmpty()) {
      jobs.keySet()
          .forEach(part -> part.other(text).ifPresent(one -> takers.put(part, List.of(one))));
    }
    return takers;
  }
}
