package dev.backfill.io.landing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;

/**
 * Files below one root, through Beam's {@link FileSystems}, so that the root may be any URI for
 * which a file system is on the class path. Local files go to the disk before they get their name,
 * and local folders are read by name, without a look at each file. Immutable, safe for several
 * threads.
 */
final class Storage implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String TEMPORARY = ".tmp";

  private final String root;

  /**
   * The storage at a local path or URI.
   *
   * @param root a relative path is taken from the working directory, now
   */
  Storage(String root) {
    this.root = normalized(root);
  }

  private static String normalized(String root) {
    if (root.isBlank()) {
      throw new IllegalArgumentException(
          "The landing needs a place: a folder like landing/ or a URI like s3://bucket/landing");
    }
    String path = root;
    if (root.startsWith("file:")) {
      path = Path.of(URI.create(root)).toString();
    } else if (root.contains("://")) {
      return root.replaceAll("/+$", "");
    }
    return Path.of(path).toAbsolutePath().normalize().toString();
  }

  /** Absolute path or URI, without a slash at the end. */
  String root() {
    return root;
  }

  boolean isLocal() {
    return !root.contains("://");
  }

  /** Path or URI of a file below the root. */
  String uri(String relative) {
    return root + "/" + relative;
  }

  Path path(String relative) {
    return Path.of(root, relative);
  }

  /** Names of the files in a folder that begin so, in order; none where there is no folder. */
  List<String> list(String folder, String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    if (isLocal()) {
      for (String name : localNames(folder)) {
        if (name.startsWith(prefix)) {
          names.add(name);
        }
      }
    } else {
      for (MatchResult.Metadata file : match(uri(folder) + "/" + prefix + "*")) {
        names.add(String.valueOf(file.resourceId().getFilename()));
      }
    }
    names.removeIf(name -> name.endsWith(TEMPORARY));
    names.sort(null);
    return names;
  }

  /** Names of the folders within a folder that hold a file of this name, in order. */
  List<String> foldersWith(String folder, String file) throws IOException {
    List<String> names = new ArrayList<>();
    if (isLocal()) {
      for (String name : localNames(folder)) {
        if (Files.isRegularFile(path(folder + "/" + name + "/" + file))) {
          names.add(name);
        }
      }
    } else {
      for (MatchResult.Metadata found : match(uri(folder) + "/*/" + file)) {
        names.add(String.valueOf(found.resourceId().getCurrentDirectory().getFilename()));
      }
    }
    names.sort(null);
    return names;
  }

  /** The two folders above each folder of this name on the third level, in order. */
  List<List<String>> aboveFolder(String name) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    if (isLocal()) {
      for (String first : localFolders("")) {
        for (String second : localFolders(first)) {
          if (Files.isDirectory(path(first + "/" + second + "/" + name))) {
            found.add(first + "/" + second);
          }
        }
      }
    } else {
      for (MatchResult.Metadata file : match(root + "/*/*/" + name + "/*")) {
        String[] names = file.resourceId().toString().substring(root.length() + 1).split("/", 3);
        found.add(names[0] + "/" + names[1]);
      }
    }
    return found.stream().map(above -> List.of(above.split("/", 2))).toList();
  }

  private List<String> localFolders(String folder) throws IOException {
    return Arrays.stream(localNames(folder))
        .filter(name -> Files.isDirectory(path(folder + "/" + name)))
        .toList();
  }

  /** A folder that is there and cannot be read is not an empty one: all would be bought again. */
  private String[] localNames(String folder) throws IOException {
    String[] names = path(folder).toFile().list();
    if (names == null && Files.exists(path(folder))) {
      throw new IOException(
          "The landing's folder " + uri(folder) + " cannot be read; what has landed is not known");
    }
    return names == null ? new String[0] : names;
  }

  /** Deletes what attempts that died have left in a folder and nobody has written to since. */
  void deleteTemporaries(String folder, Instant before) throws IOException {
    if (isLocal()) {
      for (String name : localNames(folder)) {
        Path file = path(folder + "/" + name);
        if (LandingNames.isTemporary(name)
            && file.toFile().lastModified() < before.toEpochMilli()) {
          Files.deleteIfExists(file);
        }
      }
      return;
    }
    for (MatchResult.Metadata file : match(uri(folder) + "/*" + TEMPORARY)) {
      String name = String.valueOf(file.resourceId().getFilename());
      if (LandingNames.isTemporary(name) && file.lastModifiedMillis() < before.toEpochMilli()) {
        delete(folder + "/" + name);
      }
    }
  }

  /** Size in bytes; -1 where there is no such file. */
  long size(String relative) throws IOException {
    if (isLocal()) {
      Path file = path(relative);
      return Files.isRegularFile(file) ? Files.size(file) : -1;
    }
    List<MatchResult.Metadata> found = match(uri(relative));
    return found.isEmpty() ? -1 : found.get(0).sizeBytes();
  }

  private List<MatchResult.Metadata> match(String spec) throws IOException {
    resource(spec);
    MatchResult result = FileSystems.match(spec);
    return result.status() == MatchResult.Status.NOT_FOUND ? List.of() : result.metadata();
  }

  byte[] read(String relative) throws IOException {
    try (InputStream in = open(uri(relative))) {
      return in.readAllBytes();
    }
  }

  /** Opens any file by path or URI; a missing one throws {@link FileNotFoundException}. */
  static InputStream open(String uri) throws IOException {
    return Channels.newInputStream(FileSystems.open(resource(uri)));
  }

  /** Writes a small file: it is there whole, or not at all. */
  void write(String relative, byte[] content) throws IOException {
    String temporary = temporaryName(relative, "0");
    boolean isPublished = false;
    try {
      try (OutputStream out = create(temporary)) {
        out.write(content);
      }
      publish(temporary, relative);
      isPublished = true;
    } finally {
      if (!isPublished) {
        delete(temporary);
      }
    }
  }

  /** A name that no other attempt has, and that {@link #list} does not show. */
  String temporaryName(String relative, String attempt) {
    byte[] random = new byte[6];
    ThreadLocalRandom.current().nextBytes(random);
    return relative + "." + attempt + "-" + HexFormat.of().formatHex(random) + TEMPORARY;
  }

  /** Creates a file; closing the stream puts a local one to the disk. */
  OutputStream create(String relative) throws IOException {
    if (!isLocal()) {
      return Channels.newOutputStream(
          FileSystems.create(resource(uri(relative)), MimeTypes.BINARY));
    }
    Path file = path(relative);
    Files.createDirectories(file.getParent());
    return new SyncedOutputStream(
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Gives a temporary file its name; a local name is on the disk when this returns. */
  void publish(String temporary, String relative) throws IOException {
    FileSystems.rename(List.of(resource(uri(temporary))), List.of(resource(uri(relative))));
    syncFolder(relative);
    FolderNames.published(uri(relative));
  }

  /** Puts the names in a file's folder to the disk, where the system knows how. */
  void syncFolder(String relative) throws IOException {
    if (isLocal() && !System.getProperty("os.name").startsWith("Windows")) {
      try (FileChannel folder =
          FileChannel.open(path(relative).getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  /** Gives a file another name, in a folder that is made where it is not there. */
  void move(String from, String to) throws IOException {
    if (isLocal()) {
      Files.createDirectories(path(to).getParent());
    }
    FileSystems.rename(List.of(resource(uri(from))), List.of(resource(uri(to))));
    syncFolder(to);
    syncFolder(from);
  }

  void delete(String relative) throws IOException {
    FileSystems.delete(List.of(resource(uri(relative))), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Deletes a folder's files, whoever wrote them, and the folder, which has no others below it. */
  void deleteFolder(String folder) throws IOException {
    if (!isLocal()) {
      for (MatchResult.Metadata file : match(uri(folder) + "/*")) {
        delete(folder + "/" + file.resourceId().getFilename());
      }
      return;
    }
    for (String name : localNames(folder)) {
      Files.deleteIfExists(path(folder + "/" + name));
    }
    Files.deleteIfExists(path(folder));
  }

  private static ResourceId resource(String uri) {
    try {
      return FileSystems.matchNewResource(uri, false);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Outside a pipeline nobody has yet registered the file systems on the class path.
      FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
      return FileSystems.matchNewResource(uri, false);
    }
  }
}
