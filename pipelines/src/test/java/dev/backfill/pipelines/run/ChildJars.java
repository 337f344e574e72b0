package dev.backfill.pipelines.run;

import dev.backfill.pipelines.Main;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The class path as child processes start fastest with it, as the launcher makes it: jars only, so
 * that classes can be archived; the archive; and the database's driver without the native library
 * that it would unpack at each start. Made once for a JVM, removed when it ends.
 */
final class ChildJars {
  private static final String NATIVE = "libduckdb_java.so_";
  private static @Nullable ChildJars made;

  private final Path folder;
  private final String classPath;

  private ChildJars(Path folder) throws IOException {
    this.folder = folder;
    List<String> jars = new ArrayList<>();
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String element : all.split(File.pathSeparator, -1)) {
      Path path = Path.of(element);
      if (Files.isDirectory(path)) {
        jars.add(packed(path, jars.size()).toString());
      } else if (path.getFileName().toString().startsWith("duckdb_jdbc")) {
        jars.add(stripped(path).toString());
      } else {
        jars.add(element);
      }
    }
    this.classPath = String.join(File.pathSeparator, jars);
  }

  /** Options that give a child the class path and, where it could be made, the archive. */
  static synchronized List<String> options() throws IOException, InterruptedException {
    ChildJars jars = made;
    if (jars == null) {
      Path folder = Files.createTempDirectory("trial-jars");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      jars = new ChildJars(folder);
      jars.archive();
      made = jars;
    }
    return List.of(
        "-XX:SharedArchiveFile=" + jars.folder.resolve("classes.jsa"),
        "-Xshare:auto",
        "-Xlog:disable",
        "-cp",
        jars.classPath);
  }

  private void archive() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(CliProcess.java(folder));
    command.addAll(
        List.of(
            "-XX:ArchiveClassesAtExit=" + folder.resolve("classes.jsa"),
            "-Xlog:disable",
            "-cp",
            classPath,
            Main.class.getName(),
            "warm-up",
            Files.createDirectory(folder.resolve("warm-up")).toString()));
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("warm-up.log").toFile())
        .start()
        .waitFor();
  }

  private Path packed(Path classes, int number) throws IOException {
    Path jar = folder.resolve("classes-" + number + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      out.setLevel(0);
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(
            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  private Path stripped(Path driver) throws IOException {
    Path jar = folder.resolve(driver.getFileName());
    try (ZipFile in = new ZipFile(driver.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (ZipEntry entry : in.stream().toList()) {
        boolean library = entry.getName().startsWith(NATIVE);
        if (library && entry.getName().equals(NATIVE + platform())) {
          try (OutputStream beside = Files.newOutputStream(folder.resolve(entry.getName()))) {
            in.getInputStream(entry).transferTo(beside);
          }
        } else if (!library) {
          out.putNextEntry(new JarEntry(entry.getName()));
          in.getInputStream(entry).transferTo(out);
        }
      }
    }
    return jar;
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.contains("mac")) {
      return "osx_universal";
    }
    String processor = System.getProperty("os.arch");
    return (os.contains("win") ? "windows_" : "linux_")
        + (processor.equals("aarch64") ? "arm64" : "amd64");
  }

  /** Deletes a folder and all that is in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
