package dev.backfill.pipelines;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One mapping of a YAML file with a known set of keys. Scalars are read as the text that stands
 * there: YAML 1.1 would make a date of {@code 2010-06-06}, {@code false} of the root {@code NO} and
 * a number of {@code 1E5}. Every failure is a {@link UsageException} naming file, line and key.
 */
final class YamlMap {
  private final String file;
  private final String prefix;
  private final int line;
  private final Map<String, Node> values;

  private YamlMap(String file, String prefix, MappingNode node, Set<String> keys) {
    this.file = file;
    this.prefix = prefix;
    this.line = line(node);
    this.values = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      String key = scalar(tuple.getKeyNode(), "a key");
      int at = line(tuple.getKeyNode());
      if (!keys.contains(key)) {
        throw fail(
            at,
            "unknown key "
                + prefix
                + key
                + Nearest.hint(key, keys)
                + " Keys: "
                + String.join(", ", keys));
      }
      if (values.put(key, tuple.getValueNode()) != null) {
        throw fail(at, prefix + key + " stands there twice");
      }
    }
  }

  private YamlMap(String file, int line, Map<String, Node> values) {
    this.file = file;
    this.prefix = "";
    this.line = line;
    this.values = values;
  }

  /**
   * Reads a whole file.
   *
   * @param file how messages name it
   * @param keys the keys that it may have
   */
  static YamlMap parse(String file, String text, Set<String> keys) {
    Node root;
    try {
      root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int at = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new UsageException(file + " line " + at + ": not YAML: " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw new UsageException(file + ": not YAML: " + e.getMessage(), e);
    }
    if (!(root instanceof MappingNode map)) {
      throw new UsageException(file + ": not a job: it must hold lines of the form key: value");
    }
    return new YamlMap(file, "", map, keys);
  }

  /** Whether the key is there with a value. */
  boolean has(String key) {
    Node node = values.get(key);
    return node != null && !isEmpty(node);
  }

  /** Whether the key's value is itself a mapping. */
  boolean isMap(String key) {
    return values.get(key) instanceof MappingNode;
  }

  /** The key's text; it must be there. */
  String text(String key) {
    return scalar(required(key), prefix + key);
  }

  /** The key's text, or another where the key is missing. */
  String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  /**
   * The key's list of texts; it must be there.
   *
   * @param like an example, for the message
   */
  List<String> texts(String key, String like) {
    if (!(required(key) instanceof SequenceNode list)) {
      throw fail(key, "must be a list, like " + like);
    }
    List<String> texts = new ArrayList<>();
    for (Node node : list.getValue()) {
      texts.add(scalar(node, "an entry of " + prefix + key));
    }
    return texts;
  }

  /** The key's whole number, empty where the key is missing. */
  OptionalInt number(String key) {
    if (!has(key)) {
      return OptionalInt.empty();
    }
    String text = text(key);
    if (!text.matches("-?\\d{1,9}")) {
      throw fail(key, "must be a whole number, not " + text);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  /** The key's true or false, false where the key is missing. */
  boolean flag(String key) {
    String text = text(key, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw fail(key, "must be true or false, not " + text);
    }
    return text.equals("true");
  }

  /** The mapping under a key; it must be there. */
  YamlMap map(String key, Set<String> keys) {
    if (!(required(key) instanceof MappingNode map)) {
      throw fail(key, "must be a mapping with " + String.join(", ", keys));
    }
    return new YamlMap(file, prefix + key + ".", map, keys);
  }

  /** The list of mappings under a key; it must be there and hold one at least. */
  List<YamlMap> maps(String key, Set<String> keys) {
    if (!(required(key) instanceof SequenceNode list) || list.getValue().isEmpty()) {
      throw fail(key, "must be a list of mappings with " + String.join(", ", keys));
    }
    List<YamlMap> maps = new ArrayList<>();
    for (Node node : list.getValue()) {
      if (!(node instanceof MappingNode map)) {
        throw fail(line(node), "an entry of " + prefix + key + " must be lines of key: value");
      }
      maps.add(new YamlMap(file, prefix + key + ".", map, keys));
    }
    return maps;
  }

  /**
   * What stands here, and for keys that do not stand here what stands in another mapping.
   *
   * @param only keys that count only where they stand in the other
   * @param without keys of the other that do not count
   */
  YamlMap over(YamlMap base, Set<String> only, Set<String> without) {
    Map<String, Node> all = new LinkedHashMap<>(base.values);
    values.forEach(
        (key, value) -> {
          if (!only.contains(key)) {
            all.put(key, value);
          }
        });
    all.keySet().removeAll(without);
    return new YamlMap(file, line, all);
  }

  /** A failure that names this file, the key's line and the key. */
  UsageException fail(String key, String problem) {
    Node node = values.get(key);
    return fail(node == null ? line : line(node), prefix + key + " " + problem);
  }

  private Node required(String key) {
    Node node = values.get(key);
    if (node == null) {
      throw new UsageException(file + ": the key " + prefix + key + " is missing");
    }
    if (isEmpty(node)) {
      throw fail(key, "has no value");
    }
    return node;
  }

  private String scalar(@Nullable Node node, String what) {
    if (node instanceof ScalarNode scalar && !isEmpty(scalar)) {
      return scalar.getValue();
    }
    throw fail(node == null ? line : line(node), what + " must be one word or number");
  }

  private UsageException fail(int at, String problem) {
    return new UsageException(file + " line " + at + ": " + problem);
  }

  private static boolean isEmpty(Node node) {
    return node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
