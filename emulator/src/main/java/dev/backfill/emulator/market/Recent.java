package dev.backfill.emulator.market;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was made and used last, up to a number of values; what is forgotten is made again. For
 * values that are pure functions of their keys. Thread-safe.
 */
final class Recent<K, V> {
  private final int most;
  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);

  Recent(int most) {
    this.most = most;
  }

  /** The value of a key; null where it was never kept, or was forgotten. */
  synchronized @Nullable V find(K key) {
    return values.get(key);
  }

  /** Keeps a value and forgets those that were not used for longest. */
  synchronized void keep(K key, V value) {
    values.put(key, value);
    var oldest = values.keySet().iterator();
    while (values.size() > most) {
      oldest.next();
      oldest.remove();
    }
  }

  /** How many it has. */
  synchronized int size() {
    return values.size();
  }
}
