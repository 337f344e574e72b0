package dev.backfill.benchmarks;

import java.io.IOException;

/** Makes the file that {@link DecodeBenchmark} reads, for whoever else is to read it. */
public final class DecodeFile {
  private DecodeFile() {}

  /** Makes it, unless it is there. */
  public static void main(String[] args) throws IOException {
    new DecodeBenchmark().file();
  }
}
