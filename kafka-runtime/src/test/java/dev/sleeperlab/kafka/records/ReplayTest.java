package dev.sleeperlab.kafka.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ReplayTest {
  @Test
  void replayIsTheRecordWithOneMoreHeader() {
    RawRecord.Header own = header("traceparent", "00-1-2-01");
    RawRecord record =
        new RawRecord(
            "topic", Optional.of(bytes("key")), Optional.of(bytes("value")), List.of(own));

    RawRecord replay = Replay.marked(record, new LogPosition(0, 12));

    assertThat(replay.key()).isEqualTo(record.key());
    assertThat(replay.value()).isEqualTo(record.value());
    assertThat(replay.headers())
        .containsExactly(own, header("sleeper-replay", "sleeper.dead.letter.v1 0:12"));
  }

  @Test
  void replayOfAReplayNamesTheNewerLetterAlone() {
    RawRecord record = new RawRecord("topic", Optional.empty(), Optional.empty(), List.of());

    RawRecord again =
        Replay.marked(Replay.marked(record, new LogPosition(0, 1)), new LogPosition(0, 2));

    assertThat(again.headers())
        .containsExactly(header("sleeper-replay", "sleeper.dead.letter.v1 0:2"));
  }

  @Test
  void messageLeavesThePartitionToTheKeyAndKeepsWhatIsMissingMissing() {
    RawRecord record =
        new RawRecord(
            "topic",
            Optional.empty(),
            Optional.empty(),
            List.of(new RawRecord.Header("empty", Optional.empty())));

    ProducerRecord<byte[], byte[]> message = record.message();

    assertThat(message.partition()).isNull();
    assertThat(message.key()).isNull();
    assertThat(message.value()).isNull();
    assertThat(message.headers().lastHeader("empty").value()).isNull();
  }

  private static RawRecord.Header header(String name, String value) {
    return new RawRecord.Header(name, Optional.of(bytes(value)));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
