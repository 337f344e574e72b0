package dev.backfill.pipelines;

import dev.backfill.schemas.Fred;
import dev.backfill.schemas.FredCatalog;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Series;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a job of FRED. It wants whole series, so it has neither a range nor chunk limits: what it
 * says beside its name is which series, and whether what is known now or every vintage.
 */
final class FredJobFile {
  private static final List<String> NOT_OF_FRED = List.of("from", "to", "chunk", "publishers");
  private static final List<String> SCHEMAS = List.of(Fred.OBSERVATIONS, Fred.VINTAGES);
  private static final String EVERYTHING = "all";

  private final YamlMap yaml;
  private final FredCatalog catalog = FredCatalog.load();

  FredJobFile(YamlMap yaml) {
    this.yaml = yaml;
  }

  /** Reads it and replaces what the command line says otherwise. */
  Job job(String name, Overrides overrides) {
    for (String key : NOT_OF_FRED) {
      if (yaml.has(key)) {
        throw yaml.fail(key, "is not for source fred: its series are always fetched whole");
      }
    }
    only("dataset", Fred.DATASET);
    only("stype_in", Fred.STYPE);
    if (overrides.isRangeGiven()) {
      throw new UsageException(
          "--from and --to are not for "
              + name
              + ": FRED's series are always fetched whole. Choose by --symbols or --groups");
    }
    String schema = overrides.vintages() ? Fred.VINTAGES : schema();
    boolean isOther = !schema.equals(yaml.text("schema", Fred.OBSERVATIONS));
    String usual = schema.equals(Fred.VINTAGES) ? Fred.VINTAGES_TABLE : Fred.TABLE;
    String table = isOther ? usual : yaml.text("table", usual);
    if (!table.equals(usual)) {
      throw yaml.fail("table", "is " + usual + " for " + schema + ", not " + table);
    }
    return Fred.job(
        isOther ? name + "-" + schema : name,
        schema,
        ids(overrides),
        table,
        yaml.flag("primary_key"));
  }

  private void only(String key, String value) {
    String text = yaml.text(key, value);
    if (!text.equals(value)) {
      throw yaml.fail(key, "is " + value + " for source fred, not " + text);
    }
  }

  private String schema() {
    String schema = yaml.text("schema", Fred.OBSERVATIONS);
    if (!SCHEMAS.contains(schema)) {
      throw yaml.fail(
          "schema",
          "is one of "
              + String.join(", ", SCHEMAS)
              + " for source fred, not "
              + schema
              + Nearest.hint(schema, SCHEMAS));
    }
    return schema;
  }

  private List<String> ids(Overrides overrides) {
    if (!overrides.symbols().isEmpty() && !overrides.groups().isEmpty()) {
      throw new UsageException("--symbols and --groups exclude each other: give one of them");
    }
    if (!overrides.symbols().isEmpty()) {
      return listed(overrides.symbols(), "--symbols");
    }
    if (!overrides.groups().isEmpty()) {
      return ofGroups(overrides.groups(), "--groups");
    }
    return yaml.isMap("symbols")
        ? fromCatalog()
        : listed(yaml.texts("symbols", "[DGS10, CPIAUCSL]"), "symbols");
  }

  private List<String> fromCatalog() {
    YamlMap map = yaml.map("symbols", new LinkedHashSet<>(List.of("catalog", "groups")));
    String name = map.text("catalog");
    if (!name.equals(Fred.SOURCE)) {
      throw map.fail("catalog", "is fred for source fred, not " + name);
    }
    return map.has("groups")
        ? ofGroups(map.texts("groups", "[spot_energy_daily]"), "symbols: groups")
        : catalog.ids(List.of());
  }

  private List<String> ofGroups(Collection<String> groups, String where) {
    Set<String> named = new LinkedHashSet<>();
    for (String group : groups) {
      String one = group.strip();
      if (!one.equals(EVERYTHING) && !catalog.groups().contains(one)) {
        throw new UsageException(
            where
                + ": there is no group "
                + SymbolForm.quoted(one)
                + ", only "
                + EVERYTHING
                + ", "
                + String.join(", ", catalog.groups())
                + Nearest.hint(one, catalog.groups()));
      }
      named.add(one);
    }
    return catalog.ids(named.contains(EVERYTHING) ? List.of() : named);
  }

  private static List<String> listed(Collection<String> texts, String where) {
    Set<String> ids = new LinkedHashSet<>();
    for (String text : texts) {
      String id = text.strip();
      Optional<String> problem = Series.formProblem(Fred.STYPE, id);
      if (problem.isPresent()) {
        throw new UsageException(
            where + ": " + SymbolForm.quoted(id) + " cannot be asked for: " + problem.get());
      }
      ids.add(id);
    }
    if (ids.isEmpty()) {
      throw new UsageException(where + " is empty; name at least one series, like DGS10");
    }
    return List.copyOf(ids);
  }
}
