package dev.backfill.pipelines.run;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;

/** An object store: objects appear when they are closed, nothing can be appended. */
final class BucketFileSystem extends FileSystem<BucketFileSystem.Resource> {
  private static final Map<String, byte[]> OBJECTS = new ConcurrentHashMap<>();

  /** Found by Beam on the class path. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new BucketFileSystem());
    }
  }

  static Set<String> names() {
    return new TreeSet<>(OBJECTS.keySet());
  }

  @Override
  protected List<MatchResult> match(List<String> specs) {
    return specs.stream().map(BucketFileSystem::matchOne).toList();
  }

  private static MatchResult matchOne(String spec) {
    Pattern pattern = Pattern.compile(Pattern.quote(spec).replace("*", "\\E[^/]*\\Q"));
    List<MatchResult.Metadata> found = new ArrayList<>();
    OBJECTS.forEach(
        (name, content) -> {
          if (pattern.matcher(name).matches()) {
            found.add(
                MatchResult.Metadata.builder()
                    .setResourceId(new Resource(name))
                    .setSizeBytes(content.length)
                    .setIsReadSeekEfficient(true)
                    .build());
          }
        });
    return MatchResult.create(
        found.isEmpty() ? MatchResult.Status.NOT_FOUND : MatchResult.Status.OK, found);
  }

  @Override
  protected WritableByteChannel create(Resource resource, CreateOptions options) {
    return Channels.newChannel(
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            OBJECTS.put(resource.name, toByteArray());
          }
        });
  }

  @Override
  protected ReadableByteChannel open(Resource resource) throws IOException {
    byte[] content = OBJECTS.get(resource.name);
    if (content == null) {
      throw new FileNotFoundException(resource.name);
    }
    return Channels.newChannel(new ByteArrayInputStream(content));
  }

  @Override
  protected void copy(List<Resource> sources, List<Resource> destinations) throws IOException {
    for (int i = 0; i < sources.size(); i++) {
      byte[] content = OBJECTS.get(sources.get(i).name);
      if (content == null) {
        throw new FileNotFoundException(sources.get(i).name);
      }
      OBJECTS.put(destinations.get(i).name, content);
    }
  }

  @Override
  protected void rename(
      List<Resource> sources, List<Resource> destinations, MoveOptions... moveOptions)
      throws IOException {
    copy(sources, destinations);
    delete(sources);
  }

  @Override
  protected void delete(Collection<Resource> resources) {
    resources.forEach(resource -> OBJECTS.remove(resource.name));
  }

  @Override
  protected Resource matchNewResource(String name, boolean isDirectory) {
    return new Resource(name);
  }

  @Override
  protected String getScheme() {
    return "bucket";
  }

  /** An object's name. */
  static final class Resource implements ResourceId {
    private static final long serialVersionUID = 1L;
    private final String name;

    Resource(String name) {
      this.name = name;
    }

    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      return new Resource(name + "/" + other);
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return new Resource(name.substring(0, name.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return "bucket";
    }

    @Override
    public String getFilename() {
      return name.substring(name.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isDirectory() {
      return name.endsWith("/");
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
