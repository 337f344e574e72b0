package org.apache.beam.sdk.io;

import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.common.ReflectHelpers;

/**
 * Which file systems Beam finds on the class path. In Beam's package, because a file system tells
 * its scheme only there.
 */
public final class FileSystemSchemes {
  private FileSystemSchemes() {}

  /** Their schemes, such as {@code file} and {@code s3}, in order. */
  public static SortedSet<String> registered() {
    SortedSet<String> schemes = new TreeSet<>();
    PipelineOptions options = PipelineOptionsFactory.create();
    for (FileSystemRegistrar registrar :
        ServiceLoader.load(FileSystemRegistrar.class, ReflectHelpers.findClassLoader())) {
      for (FileSystem<?> one : registrar.fromOptions(options)) {
        schemes.add(one.getScheme());
      }
    }
    return schemes;
  }
}
