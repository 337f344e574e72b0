package dev.backfill.transforms;

import dev.backfill.schemas.LandedChunk;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Gathers descriptions of landed chunks into groups of about a million records, one transaction
 * each: a smaller transaction writes partial row groups twice, a larger one only holds more in
 * memory. Rows never pass here.
 */
public final class GatherLanded
    extends PTransform<PCollection<LandedChunk>, PCollection<KV<String, Iterable<LandedChunk>>>> {
  /** Records in a group, more or less: a chunk is never cut. */
  public static final long GROUP_RECORDS = 1_500_000;

  /** What a chunk weighs beside its records, so that ten thousand empty ones are no one group. */
  private static final long CHUNK_WEIGHT = 1_000;

  private final String table;
  private final long records;

  private GatherLanded(String table, long records) {
    this.table = table;
    this.records = records;
  }

  /**
   * Gathers for one table.
   *
   * @param table the key of every group
   */
  public static GatherLanded forTable(String table) {
    return new GatherLanded(table, GROUP_RECORDS);
  }

  /** The same in groups so many times as large, for a database to which each way is long. */
  public GatherLanded times(int more) {
    return new GatherLanded(table, more * records);
  }

  /** Records in a group, more or less. */
  public long records() {
    return records;
  }

  @Override
  public PCollection<KV<String, Iterable<LandedChunk>>> expand(PCollection<LandedChunk> landed) {
    return landed
        .apply("Key by table", WithKeys.of(table))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), AvroCoder.specific(LandedChunk.class)))
        .apply(
            "Group by records",
            GroupIntoBatches.<String, LandedChunk>ofByteSize(
                records, chunk -> CHUNK_WEIGHT + Math.max(0, chunk.getRecordCount())));
  }
}
